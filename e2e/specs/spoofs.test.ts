import { beforeAll, describe, expect, test } from 'vitest'
import { moveIn } from '../../scripts/household-people.ts'
import { admin, crookedHeaders, mallory, pageHeaders } from '../stacks/crooked-headers.ts'
import { ask } from '../stacks/peers.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight, PorchlightPlan } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'
import { handsOutSession, traces } from '../stacks/traces.ts'

type Attempt = { server: Porchlight; from: string; headers: string[] }

const proxy = '127.0.0.1'
const intruder = '127.0.0.2'
const nothing = { signedIn: [], created: [] }

describe('a pretended identity, straight at Porchlight', () => {
  const stage = openStage()
  let trusting: Porchlight
  let off: Porchlight
  let untouched: Porchlight

  beforeAll(async () => {
    const open = async (name: string, plan: PorchlightPlan) => {
      const server = await startPorchlight(stage, { name, ...plan })
      await moveIn(server.url)
      return server
    }
    trusting = await open('trusting', { env: { PORCHLIGHT_TRUSTED_NETWORKS: `${proxy}/32` } })
    off = await open('off', { config: { trustedHeader: { enabled: false, networks: [`${proxy}/32`] } } })
    untouched = await open('untouched', {})
  })

  test('the same header does sign in when it is straight and comes from the proxy', async () => {
    const answer = await ask({
      to: trusting,
      path: '/api/users/me',
      headers: [`Remote-Email: ${admin}`],
    })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ email: admin })
  })

  test.each(crookedHeaders)('$title: nobody is signed in, though the proxy sends it', async ({ headers }) => {
    expect(await attempt({ server: trusting, from: proxy, headers })).toEqual(nothing)
  })

  test.each([
    { claim: 'is the admin', headers: [`Remote-Email: ${admin}`] },
    { claim: 'is a stranger', headers: [`Remote-Email: ${mallory}`] },
    { claim: 'was forwarded by the proxy', headers: [`Remote-Email: ${admin}`, `X-Forwarded-For: ${proxy}`] },
    {
      claim: 'is the proxy itself',
      headers: [`Remote-Email: ${admin}`, `X-Real-IP: ${proxy}`, `Forwarded: for=${proxy}`],
    },
    {
      claim: 'is at home',
      headers: [`Remote-Email: ${admin}`, 'Host: localhost', 'X-Forwarded-Host: localhost'],
    },
  ])('an intruder who says he $claim gets nothing', async ({ headers }) => {
    expect(await attempt({ server: trusting, from: intruder, headers })).toEqual(nothing)
  })

  test.each(crookedHeaders)('an intruder who sends $title gets nothing', async ({ headers }) => {
    expect(await attempt({ server: trusting, from: intruder, headers })).toEqual(nothing)
  })

  test.each([
    { from: proxy, name: admin },
    { from: proxy, name: mallory },
    { from: intruder, name: admin },
  ])('while the feature is off, the header of $name from $from is not looked at', async ({ from, name }) => {
    const headers = [`Remote-Email: ${name}`]
    expect(await attempt({ server: off, from, headers })).toEqual(nothing)
    expect(await attempt({ server: untouched, from, headers })).toEqual(nothing)
  })
})

/** Tries an API call, the sign-in call and a page. @returns which of them signed in, and what they left behind */
async function attempt({ server, from, headers }: Attempt) {
  const before = traces(server)
  const api = await ask({ to: server, from, path: '/api/users/me', headers })
  const call = await ask({ to: server, from, path: '/api/auth/trusted-header', method: 'POST', headers })
  const page = await ask({ to: server, from, path: '/photos', headers: [...headers, ...pageHeaders] })
  const after = traces(server)

  const refused = api.status === 401 && api.body.includes('"Authentication required"')
  const signedIn = [
    ...(refused ? [] : [`the API answered ${api.status} ${api.body}`]),
    ...(call.status >= 400 && !handsOutSession(call) ? [] : [`the sign-in call answered ${call.status}`]),
    ...(handsOutSession(page) ? ['the page came with a session'] : []),
  ]
  const isNew = (trace: unknown) => !before.people.includes(trace) && !before.sessions.includes(trace)
  return { signedIn, created: [...after.people, ...after.sessions].filter(isNew) }
}
