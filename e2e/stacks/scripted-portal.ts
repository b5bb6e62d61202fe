import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import type { Portal } from './lemonldap.ts'
import type { Stage } from './stage.ts'

/** What the portal answers when a proxy asks it about somebody. */
export type PortalAnswer = {
  /** 200 unless told otherwise. */
  status?: number
  /** Header lines such as `Remote-Email: a@b`, byte for byte (latin1), repeats included. */
  headers?: readonly string[]
  body?: string
  /** Answers after this many milliseconds. */
  afterMs?: number
  /** Hangs up instead of answering. */
  hangsUp?: true
}

/**
 * Stands where a login portal stands, and says what the test told it to: a request with `Cookie: portal=<name>` gets the
 * answer of that name, everybody else is sent to the login form. nginx is told 401 where other proxies are redirected.
 */
export async function startScriptedPortal(
  stage: Stage,
  answers: Readonly<Record<string, PortalAnswer>>,
): Promise<Portal> {
  const port = await freePort()
  const server = createServer(async (asked, answer) => {
    const name = /(?:^|;\s*)portal=([^;]*)/.exec(asked.headers.cookie ?? '')?.[1] ?? ''
    await give(answers[name] ?? loginRedirect, asked, answer)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { address: `127.0.0.1:${port}` }
}

const loginRedirect: PortalAnswer = { status: 302, headers: ['Location: https://auth.photos.test/login'] }

async function give(what: PortalAnswer, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { status = 200, headers = [], body = '', afterMs = 0, hangsUp } = what
  if (hangsUp) return void asked.socket.destroy()
  await sleep(afterMs)
  const forNginx = asked.url?.startsWith('/nginx-auth') && status >= 300 && status < 400
  const raw = headers.flatMap((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  answer.writeHead(forNginx ? 401 : status, raw).end(body)
}
