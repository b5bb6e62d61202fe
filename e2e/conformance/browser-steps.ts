import { asPage, sessionCookies } from './measure.ts'
import type { Ask } from './measure.ts'
import type { GiverName } from './givers.ts'

/** Opens a page as a browser does. @returns the three cookies of the header session that it came with */
export async function openPage(ask: Ask, as: GiverName, cookies: readonly string[] = []): Promise<string[]> {
  const { answer } = await ask({ path: '/photos', as, cookies, headers: asPage })
  const fresh = sessionCookies(answer)
  if (fresh.length !== 3)
    throw new Error(`the page handed out ${fresh.length} cookies, status ${answer.status}`)
  return fresh
}

/** The login page of Porchlight itself, for a household that also has passwords. */
export async function signInByPassword(ask: Ask, as: GiverName, who: { email: string; password: string }) {
  const { answer } = await ask({
    as,
    ...json('POST', '/api/auth/login', { email: who.email, password: who.password }),
  })
  const cookies = sessionCookies(answer)
  if (cookies.length !== 3) throw new Error(`the password did not sign in: ${answer.status} ${answer.body}`)
  return cookies
}

/** A request with a JSON body, as our own page makes it. */
export function json(method: string, path: string, body: unknown, headers: readonly string[] = ourOwn) {
  return {
    method,
    path,
    body: JSON.stringify(body),
    headers: ['Content-Type: application/json', ...headers],
  } as const
}

export const ourOwn = ['Sec-Fetch-Site: same-origin']

export const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
export const socketPath = '/api/socket.io/?EIO=4&transport=websocket'
