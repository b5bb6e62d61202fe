import { beforeAll, describe, expect, test } from 'vitest'
import { startApache } from '../stacks/apache.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { admin, crookedHeaders, pageHeaders } from '../stacks/crooked-headers.ts'
import { startHaproxy } from '../stacks/haproxy.ts'
import { startNginx } from '../stacks/nginx.ts'
import { ask } from '../stacks/peers.ts'
import type { RawRequest } from '../stacks/peers.ts'
import { oidcProvider } from '../stacks/portals.ts'
import type { PortalKind } from '../stacks/portals.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet } from '../stacks/street.ts'
import type { StartProxy, Street } from '../stacks/street.ts'
import { handsOutSession, traces } from '../stacks/traces.ts'

const attempts = [
  ...crookedHeaders,
  { title: 'the name of the admin', headers: [`Remote-Email: ${admin}`] },
  { title: 'the name of the admin in capitals', headers: [`REMOTE-EMAIL: ${admin}`] },
  {
    title: 'every name a proxy might use',
    headers: [`Remote-User: admin`, `Remote-Email: ${admin}`, 'Remote-Groups: admin'],
  },
]

/** Ways past the portal: a (wrong) credential of Porchlight's own, or a rule by which the portal names nobody. */
const waysPastThePortal = [
  { path: '/api/users/me', headers: ['x-api-key: not-a-key'] },
  { path: '/api/users/me', headers: ['Authorization: Bearer not-a-token'] },
  { path: '/api/users/me', headers: ['x-immich-user-token: not-a-token'] },
  { path: '/api/users/me', headers: ['x-api-key:'] },
  { path: '/api/users/me', headers: ['Authorization: Bearer '] },
  { path: '/api/users/me?key=not-a-link', headers: [] },
  { path: '/api/users/me?unprotected=1', headers: [] },
]

describe('a pretended identity through Caddy', () => {
  pretendingThrough(startCaddy)
})
describe('a pretended identity through nginx', () => {
  pretendingThrough(startNginx)
})
describe('a pretended identity through HAProxy', () => {
  pretendingThrough(startHaproxy)
})
describe('a pretended identity through Apache', () => {
  pretendingThrough(startApache, oidcProvider)
})

function pretendingThrough(startProxy: StartProxy, portalKind?: PortalKind): void {
  const stage = openStage()
  let street: Street
  const send = (request: Omit<RawRequest, 'to'>) =>
    ask({ to: { port: street.names.port, tls: street.names.app }, ...request })

  beforeAll(async () => {
    street = await buildStreet(stage, startProxy, portalKind)
  })

  test.each(attempts)('$title: the portal is asked all the same', async ({ headers }) => {
    const before = traces(street.porchlight)
    const answer = await send({ path: '/api/users/me', headers })
    expect(answer.status).not.toBe(200)
    expect(traces(street.porchlight)).toEqual(before)
  })

  test.each(attempts)('$title: past the portal, Porchlight knows nobody', async ({ headers }) => {
    const before = traces(street.porchlight)
    const answers = await Promise.all(
      waysPastThePortal.map((way) => send({ path: way.path, headers: [...headers, ...way.headers] })),
    )
    expect(answers.filter(({ status }) => status < 300)).toEqual([])
    expect(traces(street.porchlight)).toEqual(before)
  })

  test.each(attempts)('$title: public pages hand out no session', async ({ headers }) => {
    const before = traces(street.porchlight)
    const ping = await send({ path: '/api/server/ping', headers })
    const shared = await send({ path: '/share/some-link', headers: [...headers, ...pageHeaders] })
    const unnamed = await send({ path: '/photos?unprotected=1', headers: [...headers, ...pageHeaders] })
    expect([ping, shared, unnamed].map(handsOutSession)).toEqual([false, false, false])
    expect(traces(street.porchlight)).toEqual(before)
  })

  test('naming the header in Connection gains nothing', async () => {
    const before = traces(street.porchlight)
    const headers = ['Connection: close, Remote-Email', `Remote-Email: ${admin}`]
    const answers = await Promise.all(
      waysPastThePortal.map((way) => send({ path: way.path, headers: [...headers, ...way.headers] })),
    )
    expect(answers.filter(({ status }) => status < 300)).toEqual([])
    expect(traces(street.porchlight)).toEqual(before)
  })

  test.each(attempts)(
    'gran, signed in at the portal, sends $title and stays herself',
    async ({ headers }) => {
      const cookie = await street.portal.cookie(street.names, 'gran')
      const answer = await send({ path: '/api/users/me', headers: [cookie, ...headers] })
      expect(answer.status).toBe(200)
      expect(JSON.parse(answer.body)).toMatchObject({ email: 'gran@home.example', isAdmin: false })
    },
  )
}
