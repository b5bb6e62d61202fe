import { request, type IncomingHttpHeaders } from 'node:http'

export type Call = {
  method?: string
  path: string
  /** The local address to call from: loopback has many, so one machine plays proxy and intruder. */
  from?: string
  /** `[name, value, name, value…]` keeps case and repeats. */
  headers?: Record<string, string> | string[]
  body?: unknown
}

export type Answer = {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** The parsed JSON body; undefined when it is not JSON. */
  body: unknown
  /** Cookie name -> value; an emptied cookie has the value ''. */
  cookies: Record<string, string>
}

/** One HTTP request over a connection of its own. */
export function httpCall(port: number, call: Call): Promise<Answer> {
  const { method = 'GET', path, from = '127.0.0.1', headers = {}, body } = call
  // A GET has no body, so that a test may send one call by many methods.
  const payload = body === undefined || method === 'GET' ? undefined : JSON.stringify(body)
  const list = Array.isArray(headers) ? headers : Object.entries(headers).flat()
  if (payload !== undefined) list.push('content-type', 'application/json')
  if (method !== 'GET') list.push('content-length', `${Buffer.byteLength(payload ?? '')}`)

  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, localAddress: from, agent: false as const }
    const sent = request({ ...options, headers: ['host', `127.0.0.1:${port}`, ...list] }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const isJson = /^application\/json(;|$)/.test(answer.headers['content-type'] ?? '')
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          body: isJson ? (JSON.parse(text) as unknown) : undefined,
          cookies: cookiesOf(answer.headers),
        })
      })
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

function cookiesOf(headers: IncomingHttpHeaders): Record<string, string> {
  const pairs = (headers['set-cookie'] ?? []).map((line) => /^([^=]+)=([^;]*)/.exec(line))
  return Object.fromEntries(pairs.map((match) => [match?.[1] ?? '', match?.[2] ?? '']))
}

export const asCookieHeader = (cookies: Record<string, string>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
