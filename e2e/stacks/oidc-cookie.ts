import type { PublicNames } from './lemonldap.ts'
import { ask } from './peers.ts'

/**
 * Signs in through the proxy as a browser would, following redirects between app and portal.
 * @returns the cookies of the app's own site, as a `Cookie` header line
 */
export async function oidcCookie(names: PublicNames, account: string): Promise<string> {
  const jars = new Map([names.app, names.auth].map((host) => [host, new Map<string, string>()]))
  const visit = async (url: URL, body?: string) => {
    const jar = jars.get(url.hostname)
    if (jar === undefined) throw new Error(`a redirect led away, to ${url.href}`)
    const form = body === undefined ? [] : ['Content-Type: application/x-www-form-urlencoded']
    const cookie = jar.size === 0 ? [] : [cookieLine(jar)]
    const answer = await ask({
      to: { port: names.port, tls: url.hostname },
      method: body === undefined ? 'GET' : 'POST',
      path: url.pathname + url.search,
      headers: ['Accept: text/html', ...form, ...cookie],
      ...(body === undefined ? {} : { body }),
    })
    for (const line of answer.headers.get('set-cookie') ?? []) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }

  const start = new URL(`https://${names.app}:${names.port}/photos`)
  let url = start
  let answer = await visit(url)
  for (let steps = 0; steps < 12; steps += 1) {
    const location = answer.headers.get('location')?.[0]
    if (location === undefined) {
      if (!url.pathname.startsWith('/interaction/')) break
      answer = await visit(url, `user=${account}&password=${account}`)
      continue
    }
    url = new URL(location, url)
    if (url.href === start.href) return cookieLine(jars.get(names.app) ?? new Map<string, string>())
    answer = await visit(url)
  }
  throw new Error(`the portal did not sign ${account} in: ${answer.status} at ${url.href} ${answer.body}`)
}

const cookieLine = (jar: Map<string, string>) =>
  `Cookie: ${[...jar].map(([name, value]) => `${name}=${value}`).join('; ')}`
