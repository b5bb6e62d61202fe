/** Where a listener waits: an address and port, or the path of a unix socket. */
export type ListenAddress = { host: string; port: number } | { path: string }

/**
 * Reads `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, `unix:/run/porchlight.sock` or `/run/porchlight.sock`.
 * Undefined for anything else; a port alone is nothing, for it would leave open to whom.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const path = /^(?:unix:)?(\/[^\0]*[^/\0])$/.exec(text)?.[1]
  if (path !== undefined) return { path }
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}
