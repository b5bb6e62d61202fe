import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type RawRequest = {
  /** Where it is sent: the server itself, or a proxy. */
  to: { port: number; host?: string; /** Speak TLS, asking for this server name. */ tls?: string }
  /** The local address the peer calls from; every address in 127/8 will do on Linux. */
  from?: string
  method?: string
  path: string
  /** Header lines such as `Remote-Email: a@b`, sent byte for byte (latin1): spellings, repeats and nonsense included. */
  headers?: readonly string[]
  body?: string
  /** More of the body, sent when it resolves; the headers then have to say how long the whole is. */
  rest?: () => Promise<string>
}

export type RawAnswer = { status: number; headers: Map<string, string[]>; body: string }

/** Sends a request that no HTTP client would agree to send, and reads the answer to its end. */
export async function ask({ to, from = '127.0.0.1', rest, ...request }: RawRequest): Promise<RawAnswer> {
  const socket = await open(to, from)
  socket.write(Buffer.from(requestText(to, request), 'latin1'))
  void rest?.().then((text) => socket.write(text))
  // What hangs is an answer too: an empty one, of status NaN.
  socket.setTimeout(20_000, () => socket.destroy())
  const bytes: Buffer[] = []
  for await (const chunk of socket) bytes.push(chunk as Buffer)
  return parseAnswer(Buffer.concat(bytes))
}

function requestText(to: RawRequest['to'], request: Omit<RawRequest, 'to' | 'from' | 'rest'>): string {
  const { method = 'GET', path, headers = [], body = '' } = request
  const given = new Set(headers.map(nameOf))
  const usual = [
    `Host: ${to.tls ?? '127.0.0.1'}:${to.port}`,
    'Accept: application/json',
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body, 'latin1')}`,
  ].filter((line) => !given.has(nameOf(line)) && (body !== '' || !line.endsWith(': 0')))
  return [`${method} ${path} HTTP/1.1`, ...usual, ...headers, '', body].join('\r\n')
}

const nameOf = (line: string) => line.slice(0, line.indexOf(':')).toLowerCase()

function open({ port, host = '127.0.0.1', tls }: RawRequest['to'], localAddress: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const plain = connect({ port, host, localAddress })
    plain.once('error', reject)
    if (tls === undefined) return plain.once('connect', () => resolve(plain))
    const secure = connectTls({ socket: plain, servername: tls, rejectUnauthorized: false })
    return secure.once('error', reject).once('secureConnect', () => resolve(secure))
  })
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const split = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const headers = new Map<string, string[]>()
  for (const line of lines) {
    const name = nameOf(line)
    headers.set(name, [...(headers.get(name) ?? []), line.slice(name.length + 1).trim()])
  }
  const rest = bytes.subarray(split + 4)
  const chunked = headers.get('transfer-encoding')?.includes('chunked') === true
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    body: (chunked ? joinChunks(rest) : rest).toString('utf8'),
  }
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16)
    if (!(size > 0)) break
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(chunks)
}
