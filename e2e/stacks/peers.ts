import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export type RawRequest = {
  /** Where it is sent: the server itself, or a proxy. */
  to: {
    port: number
    host?: string
    /** A unix socket, in place of address and port. */
    socketPath?: string | undefined
    /** Speak TLS, asking for this server name. */
    tls?: string
  }
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

/** Sends a request that no HTTP client would agree to send, and reads the answer to its end. What hangs is an answer of status NaN. */
export async function ask({ to, from = '127.0.0.1', rest, ...request }: RawRequest): Promise<RawAnswer> {
  const socket = await open(to, from)
  socket.write(Buffer.from(requestText(to, request), 'latin1'))
  void rest?.().then((text) => socket.write(Buffer.from(text, 'latin1')))
  return parseAnswer(await readAnswer(socket))
}

/** Until the other end closes, the answer is whole, or nothing comes any more. */
function readAnswer(socket: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0)
    socket.setTimeout(20_000, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk])
      if (isWhole(bytes)) socket.destroy()
    })
    // An error is followed by the close; what came until then is the answer.
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(bytes))
  })
}

/** A connection may be kept open after the answer, for example after a refused upgrade. */
function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.subarray(0, end).toString('latin1'))?.[1]
  return length !== undefined && bytes.length >= end + 4 + Number(length)
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

function open(
  { port, host = '127.0.0.1', socketPath, tls }: RawRequest['to'],
  localAddress: string,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const plain = connect(socketPath === undefined ? { port, host, localAddress } : { path: socketPath })
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
