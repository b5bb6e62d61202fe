import type { Duplex } from 'node:stream'
import { STATUS_CODES } from 'node:http'
import type { Problem } from '../platform/problem.ts'

/**
 * Answers an upgrade that is not accepted, with the same body as any refused request, and closes.
 *
 * Immich accepts first and then says `unauthorized` over the socket. Here a stranger gets no socket at all; its clients
 * see a `connect_error`, which they handle as any failed connection, and ask the API, whose answer they know to read.
 */
export function refuseUpgrade(socket: Duplex, { status, message, code }: Problem): void {
  const body = JSON.stringify({ message, ...(code === undefined ? {} : { code }) })
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  // Who does not take the answer is not waited for.
  const given = setTimeout(() => socket.destroy(), 1000)
  given.unref()
  socket.once('close', () => clearTimeout(given))
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
