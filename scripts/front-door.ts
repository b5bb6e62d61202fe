import { createServer, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { frontDoorPage } from './front-door-page.ts'
import type { FrontDoorPerson } from './front-door-page.ts'

export type FrontDoorPlan = {
  port: number
  people: readonly FrontDoorPerson[]
  /** The port on 127.0.0.1 that answers this path: Porchlight's, or that of the web client's dev server. */
  portFor: (path: string) => number
}

const cookieName = 'front_door'
const unreachable = 'Porchlight does not answer yet. Try again in a moment.\n'

/**
 * A reverse proxy for development and the demo, on localhost only. Whoever picks a name on its page is that person:
 * it removes what a client says about itself and passes `Remote-Email` and `Remote-Name`. Never for real use.
 */
export async function openFrontDoor(plan: FrontDoorPlan): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, answer) => atTheDoor(plan, incoming, answer))
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex) => passSocket(plan, incoming, socket))
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(plan.port, '127.0.0.1', resolve),
  )
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://localhost:${plan.port}`, close }
}

function atTheDoor(plan: FrontDoorPlan, incoming: IncomingMessage, answer: ServerResponse): void {
  const path = incoming.url ?? '/'
  if (path.startsWith('/front-door/sign-in')) return void signIn(plan, incoming, answer)
  if (path.startsWith('/front-door/sign-out')) return signOut(plan, answer)
  if (whoIs(plan, incoming) !== undefined || bringsOwnCredential(incoming))
    return pass(plan, incoming, answer)
  const isPage = incoming.headers.accept?.includes('text/html') === true
  return isPage
    ? showPage(plan, answer, path)
    : void answer.writeHead(401).end('The front door does not know you.\n')
}

function showPage({ people }: FrontDoorPlan, answer: ServerResponse, returnTo: string): void {
  answer.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Cache-Control', 'no-store')
  answer.end(frontDoorPage(people, returnTo))
}

async function signIn(plan: FrontDoorPlan, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
  const person = plan.people.find(({ id }) => id === form.get('who'))
  if (incoming.method !== 'POST' || person === undefined) return showPage(plan, answer, '/')
  const returnTo = form.get('return') ?? '/'
  answer.setHeader('Set-Cookie', `${cookieName}=${person.id}; Path=/; HttpOnly; SameSite=Lax`)
  // A path on this host and nothing else, or the page would send people anywhere.
  answer.writeHead(303, { Location: /^\/(?![/\\])/.test(returnTo) ? returnTo : '/' }).end()
}

function signOut(plan: FrontDoorPlan, answer: ServerResponse): void {
  answer.setHeader('Set-Cookie', `${cookieName}=; Path=/; Max-Age=0`)
  showPage(plan, answer, '/')
}

function whoIs({ people }: FrontDoorPlan, { headers }: IncomingMessage): FrontDoorPerson | undefined {
  const id = new RegExp(`(?:^|;\\s*)${cookieName}=([^;]+)`).exec(headers.cookie ?? '')?.[1]
  return people.find((person) => person.id === id)
}

/** Apps, the command line and shared links identify themselves to Porchlight, as in the recipes for real proxies. */
function bringsOwnCredential({ headers }: IncomingMessage): boolean {
  return headers['x-api-key'] !== undefined || /^bearer /i.test(headers.authorization ?? '')
}

function upstreamHeaders(plan: FrontDoorPlan, incoming: IncomingMessage): IncomingHttpHeaders {
  const kept = Object.entries(incoming.headers).filter(([name]) => !/^remote[^a-z0-9]?/.test(name))
  const person = bringsOwnCredential(incoming) ? undefined : whoIs(plan, incoming)
  return {
    ...Object.fromEntries(kept),
    ...(person && { 'remote-email': person.email, 'remote-name': person.name }),
    'x-forwarded-for': incoming.socket.remoteAddress ?? '',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': incoming.headers.host ?? '',
  }
}

function openUpstream(plan: FrontDoorPlan, incoming: IncomingMessage) {
  const path = incoming.url ?? '/'
  const headers = upstreamHeaders(plan, incoming)
  return request({
    host: '127.0.0.1',
    port: plan.portFor(path),
    method: incoming.method ?? 'GET',
    path,
    headers,
  })
}

function pass(plan: FrontDoorPlan, incoming: IncomingMessage, answer: ServerResponse): void {
  const upstream = openUpstream(plan, incoming)
  upstream.once('response', (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders)
    reply.pipe(answer)
  })
  upstream.once('error', () => {
    if (answer.headersSent) return answer.destroy()
    return answer.writeHead(502).end(unreachable)
  })
  answer.once('close', () => upstream.destroy())
  incoming.pipe(upstream)
}

function passSocket(plan: FrontDoorPlan, incoming: IncomingMessage, socket: Duplex): void {
  if (whoIs(plan, incoming) === undefined) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
  const upstream = openUpstream(plan, incoming)
  upstream.once('upgrade', (reply, upstreamSocket, head) => {
    const lines = reply.rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('')
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`)
    socket.write(head)
    upstreamSocket.pipe(socket).pipe(upstreamSocket)
    upstreamSocket.once('error', () => socket.destroy())
    socket.once('error', () => upstreamSocket.destroy())
  })
  upstream.once('response', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  upstream.once('error', () => socket.destroy())
  upstream.end()
}
