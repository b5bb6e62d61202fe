import type { PortalAccount, PublicNames } from './lemonldap.ts'
import { ask } from './peers.ts'

/** Signs in at the portal as a browser would. @returns the portal's own cookie, as a `Cookie` header line */
export async function portalCookie(names: PublicNames, account: PortalAccount): Promise<string> {
  const to = { port: names.port, tls: names.auth }
  const headers = ['Content-Type: application/x-www-form-urlencoded', 'Accept: text/html']
  const answer = await ask({
    to,
    method: 'POST',
    path: '/',
    headers,
    body: `user=${account}&password=${account}`,
  })
  const cookie = answer.headers.get('set-cookie')?.find((line) => line.startsWith('lemonldap='))
  if (cookie === undefined) throw new Error(`the portal did not sign ${account} in: ${answer.status}`)
  return `Cookie: ${cookie.split(';')[0]}`
}
