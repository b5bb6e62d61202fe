import { startApache } from '../stacks/apache.ts'
import { startCaddy } from '../stacks/caddy.ts'
import type { ProxyPlan } from '../stacks/caddy.ts'
import { freePort } from '../stacks/free-port.ts'
import { startHaproxy } from '../stacks/haproxy.ts'
import type { Portal, PublicNames } from '../stacks/lemonldap.ts'
import { startNginx } from '../stacks/nginx.ts'
import { oidcCookie } from '../stacks/oidc-cookie.ts'
import { startOidcProvider } from '../stacks/oidc-provider.ts'
import { ask } from '../stacks/peers.ts'
import type { RawAnswer, RawRequest } from '../stacks/peers.ts'
import { startScriptedPortal } from '../stacks/scripted-portal.ts'
import type { Stage } from '../stacks/stage.ts'
import type { StartProxy } from '../stacks/street.ts'
import { startTap } from '../stacks/tap.ts'
import type { Tap } from '../stacks/tap.ts'
import { claimsByAccount, cookieNameOf, portalAnswers, portalLines } from './givers.ts'
import type { GiverName } from './givers.ts'

export const frontKinds = ['caddy', 'nginx', 'haproxy', 'apache', 'none'] as const
export type FrontKind = (typeof frontKinds)[number]

export const frontNames: Record<FrontKind, string> = {
  caddy: 'Caddy 2.6',
  nginx: 'nginx 1.22',
  haproxy: 'HAProxy 2.6',
  apache: 'Apache 2.4',
  none: 'no proxy',
}

export type FrontRequest = Pick<RawRequest, 'method' | 'path' | 'body' | 'rest'> & {
  /** Which Porchlight it is for. */
  server: { port: number; socketPath?: string }
  /** What the login service says of whoever asks; without a proxy its header lines come last, as if one added them. */
  as?: GiverName | undefined
  headers?: readonly string[] | undefined
  /** Cookies of Porchlight's own. */
  cookies?: readonly string[] | undefined
  /** Only without a proxy: the address it calls from; 127.0.0.1 is the proxy's own. */
  from?: string | undefined
  /** Only without a proxy: by the server's unix socket. */
  bySocket?: true
}

/** What came of a request: the header lines that reached Porchlight (`undefined`: none did), and the answer. */
export type Seen = { arrived: string[] | undefined; answer: RawAnswer }

/** One way to Porchlight: a real proxy with its recipe and a portal, or none. */
export type Front = { kind: FrontKind; send(request: FrontRequest): Promise<Seen> }

/** Starts every proxy with its recipe, each with a portal that says what `givers` lists and a tap behind it. */
export async function openLab(stage: Stage): Promise<Front[]> {
  const portal = await startScriptedPortal(stage, portalAnswers)
  const scripted = async () => portal
  const byCookie = async (_: PublicNames, giver: string) => `portal=${giver}`
  const byOidc = (names: PublicNames) =>
    startOidcProvider(stage, names, (account) => claimsByAccount[account] ?? {})
  const proxies = await Promise.all([
    openFront(stage, { kind: 'caddy', start: startCaddy, portal: scripted, signIn: byCookie }),
    openFront(stage, { kind: 'nginx', start: startNginx, portal: scripted, signIn: byCookie }),
    openFront(stage, { kind: 'haproxy', start: startHaproxy, portal: scripted, signIn: byCookie }),
    openFront(stage, { kind: 'apache', start: startApache, portal: byOidc, signIn: signInByOidc }),
  ])
  return [...proxies, noProxy(await startTap(stage))]
}

type FrontPlan = {
  kind: FrontKind
  start: StartProxy
  portal: (names: PublicNames) => Promise<Portal>
  /** @returns the cookies by which the portal knows who asks */
  signIn: (names: PublicNames, giver: string) => Promise<string>
}

async function openFront(stage: Stage, { kind, start, portal, signIn }: FrontPlan): Promise<Front> {
  const names = {
    domain: 'photos.test',
    app: 'app.photos.test',
    auth: 'auth.photos.test',
    port: await freePort(),
  }
  const tap = await startTap(stage)
  const plan: ProxyPlan = { names, portal: await portal(names), porchlight: tap }
  await start(stage, plan)
  const cookies = new Map<string, Promise<string>>()
  const cookieOf = (giver: GiverName) => {
    const name = cookieNameOf(giver)
    const cookie = cookies.get(name) ?? signIn(names, name)
    cookies.set(name, cookie)
    return cookie
  }
  return {
    kind,
    send: async ({
      server,
      as,
      cookies: own = [],
      headers = [],
      from: _from,
      bySocket: _socket,
      ...request
    }) => {
      const sent = as === undefined ? own : [...own, await cookieOf(as)]
      const lines = sent.length === 0 ? headers : [`Cookie: ${sent.join('; ')}`, ...headers]
      const to = { port: names.port, tls: names.app }
      return sendThrough(tap, server.port, { to, headers: lines, ...request })
    },
  }
}

const signInByOidc = async (names: PublicNames, giver: string) =>
  (await oidcCookie(names, giver)).slice('Cookie: '.length)

function noProxy(tap: Tap): Front {
  return {
    kind: 'none',
    send: async ({ server, as, cookies = [], headers = [], from = '127.0.0.1', bySocket, ...request }) => {
      const named = as === undefined ? [] : portalLines(as)
      const cookie = cookies.length === 0 ? [] : [`Cookie: ${cookies.join('; ')}`]
      const lines = [...cookie, ...headers, ...named]
      // The tap would call from its own address; who calls is the question here.
      if (bySocket || from !== '127.0.0.1') {
        const to = bySocket ? server : { port: server.port }
        return { arrived: lines, answer: await ask({ to, from, headers: lines, ...request }) }
      }
      return sendThrough(tap, server.port, { to: tap, headers: lines, ...request })
    },
  }
}

let marks = 0

async function sendThrough(tap: Tap, port: number, request: RawRequest): Promise<Seen> {
  marks += 1
  const mark = `case-${marks}-`
  tap.passTo(port)
  const answer = await ask({ ...request, headers: [`X-Case: ${mark}`, ...(request.headers ?? [])] })
  return { arrived: tap.arrived(mark), answer }
}
