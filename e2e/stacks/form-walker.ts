/** A browser as far as sign-in needs one: cookies of each host, redirects, forms. */
export type Walker = {
  /**
   * Follows redirects and fills in forms (as `account`) until an address begins with `until`, which is not opened, or a
   * page has nothing more to offer. Without an account a login form ends the walk.
   */
  walk(url: string, to: { until: string; account?: string }): Promise<string>
  request(url: string, body?: unknown): Promise<Response>
}

const mostSteps = 15

export function createWalker(): Walker {
  /** By port, which here tells the servers apart. */
  const jars = new Map<string, Map<string, string>>()

  async function visit(url: string, options: RequestInit = {}): Promise<Response> {
    const { port } = new URL(url)
    const jar = jars.get(port) ?? new Map<string, string>()
    jars.set(port, jar)
    const headers = new Headers(options.headers)
    headers.set('accept', headers.get('accept') ?? 'text/html')
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await fetch(url, { ...options, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) keep(jar, line)
    return answer
  }

  return {
    async walk(start, { until, account }) {
      let url = start
      let answer: Response | undefined
      for (let step = 0; step < mostSteps; step++) {
        if (url.startsWith(until)) return url
        answer ??= await visit(url)
        const location = answer.headers.get('location')
        if (location !== null) {
          url = new URL(location, url).href
          answer = undefined
          continue
        }
        const next = nextStep(await answer.text(), account)
        if (next === undefined) return url
        url = new URL(next.action, url).href
        answer = next.form ? await visit(url, { method: 'POST', body: next.form }) : undefined
      }
      throw new Error(`the walk does not end: ${url}`)
    },
    request: (url, body) =>
      visit(url, {
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      }),
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (value === '' || /expires=[^;]*1970|max-age=0/i.test(line)) jar.delete(name)
  else jar.set(name, value)
}

/** The first form of a page, or what its script or a link goes on to. */
function nextStep(html: string, account?: string): { action: string; form?: URLSearchParams } | undefined {
  const [, attributes = '', inside] = /<form([^>]*)>(.*?)<\/form>/is.exec(html) ?? []
  if (inside === undefined) return undefined
  const asksForLogin = /name="?user"?[\s>]/i.test(inside)
  if (asksForLogin && account === undefined) return undefined
  const form = new URLSearchParams()
  for (const [input] of inside.matchAll(/<input[^>]*type="?hidden"?[^>]*>/gi))
    form.set(attribute(input, 'name'), attribute(input, 'value'))
  if (asksForLogin) {
    form.set('user', account ?? '')
    form.set('password', account ?? '')
  } else form.set('logout', 'yes')
  return { action: attribute(attributes, 'action'), form }
}

const attribute = (tag: string, name: string) =>
  (new RegExp(`${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '').replaceAll('&amp;', '&')
