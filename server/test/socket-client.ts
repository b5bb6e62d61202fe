import { request } from 'node:http'
import { io, type Socket } from 'socket.io-client'
import type { TestServer } from './start-server.ts'

export type LiveClient = {
  socket: Socket
  /** What the server has said so far. */
  heard: { event: string; payload: unknown }[]
  /** Resolves with the milliseconds from now until the connection is closed. */
  closed(): Promise<number>
  /** Resolves with the payload of the next, or an earlier, event of that name. */
  hears(event: string): Promise<unknown>
}

type Credentials = { headers?: Record<string, string>; from?: string; query?: Record<string, string> }

/** Connects as Immich's clients do, or throws with what kept it from connecting. */
export async function openSocket(
  { port }: TestServer,
  { headers = {}, query = {} }: Credentials,
): Promise<LiveClient> {
  const socket = io(`http://127.0.0.1:${port}`, {
    path: '/api/socket.io',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: headers,
    query,
  })
  const heard: LiveClient['heard'] = []
  socket.onAny((event: string, payload: unknown) => heard.push({ event, payload }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  }).catch((error: unknown) => {
    socket.close()
    throw error
  })
  return {
    socket,
    heard,
    async closed() {
      const start = performance.now()
      if (socket.connected) await new Promise((resolve) => socket.once('disconnect', resolve))
      return performance.now() - start
    },
    async hears(event) {
      const known = heard.find((one) => one.event === event)
      if (known) return known.payload
      return new Promise((resolve) => socket.once(event, resolve))
    },
  }
}

export type Handshake = { status: number; body: unknown }

/** The handshake alone, from any address, with the answer that a browser would not show. */
export function tryUpgrade(
  { port }: TestServer,
  { headers = {}, from = '127.0.0.1', query = {} }: Credentials,
): Promise<Handshake> {
  const asked = new URLSearchParams({ EIO: '4', transport: 'websocket', ...query }).toString()
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path: `/api/socket.io/?${asked}`,
      localAddress: from,
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        ...headers,
      },
    })
    sent.on('error', reject)
    sent.on('upgrade', (answer, socket) => {
      socket.destroy()
      resolve({ status: answer.statusCode ?? 0, body: undefined })
    })
    sent.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: answer.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) })
      })
    })
    sent.end()
  })
}
