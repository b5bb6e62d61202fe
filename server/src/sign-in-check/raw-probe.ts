import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { decodeSighting, oddCheckHeader, type Answer, type Probe } from './sign-in-check.ts'

/** Where probes go: never anywhere else, also not where an answer points to. */
export type Target = {
  /** `https://photos.example.com`, without a path. */
  origin: string
  /** False where the certificate did not hold: then nothing of the admin's is sent. */
  checkCertificate: boolean
  /** Where that is from here, such as the proxy's address, when its name leads elsewhere. */
  via?: { host: string; port?: number } | undefined
}

/** How long an answer may take, in milliseconds, and how long its head may be, in bytes. */
const patience = 8000
const longestHead = 64 * 1024

/** Sends requests that no HTTP client would agree to send. Only the head of the answer is read. */
export async function sendProbe(
  target: Target,
  probe: Pick<Probe, 'path' | 'lines'>,
  extra: { nonce: string; cookie?: string | undefined },
): Promise<Answer | { failed: string }> {
  const url = new URL(target.origin)
  const socket = open(target)
  try {
    return parseHead(await exchange(socket, requestText(url, probe, extra)))
  } catch (error) {
    return { failed: reasonOf(error) }
  } finally {
    socket.destroy()
  }
}

/** Why the certificate of an https address does not hold; undefined when it does, or there is none to look at. */
export async function certificateProblem(
  target: Omit<Target, 'checkCertificate'>,
): Promise<string | undefined> {
  if (!target.origin.startsWith('https:')) return undefined
  const socket = open({ ...target, checkCertificate: true })
  try {
    return await new Promise((resolve) => {
      socket.once('secureConnect', () => resolve(undefined))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(certificateCode(error)))
      socket.setTimeout(patience, () => resolve(undefined))
    })
  } finally {
    socket.destroy()
  }
}

/** Other failures (refused, no such host) are not the certificate's. */
const certificateCode = ({ code = '', message }: NodeJS.ErrnoException): string | undefined =>
  /CERT|LEAF|ISSUER/.test(code) ? message : undefined

function open({ origin, checkCertificate, via }: Target): Socket {
  const url = new URL(origin)
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const isSecure = url.protocol === 'https:'
  const usual = Number(url.port) || (isSecure ? 443 : 80)
  const { host, port = usual } = via ?? { host: name }
  if (!isSecure) return connectPlain({ host, port })
  return connectTls({
    host,
    port,
    // RFC 6066, section 3: never an address.
    ...(isIP(name) === 0 && { servername: name }),
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: checkCertificate,
  })
}

function requestText(
  url: URL,
  { path, lines }: Pick<Probe, 'path' | 'lines'>,
  { nonce, cookie }: { nonce: string; cookie?: string | undefined },
): string {
  const given = new Set(lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()))
  const usual = [
    `Host: ${url.host}`,
    'Accept: */*',
    'User-Agent: Porchlight-sign-in-check',
    'Connection: close',
  ].filter((line) => !given.has(line.slice(0, line.indexOf(':')).toLowerCase()))
  const own = [`${oddCheckHeader}: ${nonce}`, ...(cookie ? [`Cookie: ${cookie}`] : [])]
  return [`GET ${path} HTTP/1.1`, ...usual, ...lines, ...own, '', ''].join('\r\n')
}

function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = ''
    const deadline = setTimeout(() => reject(new Error('no answer in time')), patience)
    const settle = () => {
      clearTimeout(deadline)
      if (head.includes('\r\n\r\n')) resolve(head.slice(0, head.indexOf('\r\n\r\n')))
      else reject(new Error(head === '' ? 'the connection was closed without an answer' : 'half an answer'))
    }
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (head.includes('\r\n\r\n') || head.length > longestHead) settle()
    })
    socket.once('error', (error) => {
      clearTimeout(deadline)
      reject(error)
    })
    socket.once('close', settle)
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () =>
      socket.write(Buffer.from(request, 'latin1')),
    )
  })
}

function parseHead(head: string): Answer | { failed: string } {
  const [first = '', ...lines] = head.split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1])
  if (!(status > 0)) return { failed: 'the answer is not HTTP' }
  const headers = new Map<string, string>()
  for (const text of lines) {
    const colon = text.indexOf(':')
    headers.set(text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim())
  }
  return {
    status,
    saw: decodeSighting(headers.get('x-porchlight-saw')),
    server: headers.get('server')?.slice(0, 100),
    via: headers.get('via')?.slice(0, 100),
    location: headers.get('location')?.slice(0, 500),
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name cannot be found from this machine'
  if (code === 'ECONNRESET') return 'the connection was broken off'
  return message === '' ? (code ?? 'no connection') : message
}
