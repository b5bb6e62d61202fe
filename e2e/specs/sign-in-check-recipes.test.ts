import { beforeAll, describe, expect, test } from 'vitest'
import { startApache } from '../stacks/apache.ts'
import { startCaddy } from '../stacks/caddy.ts'
import type { Proxy } from '../stacks/caddy.ts'
import { runDoctor } from '../stacks/doctor.ts'
import type { Diagnosis } from '../stacks/doctor.ts'
import { freePort } from '../stacks/free-port.ts'
import { startHaproxy } from '../stacks/haproxy.ts'
import { startNginx } from '../stacks/nginx.ts'
import { lemonldap, oidcProvider } from '../stacks/portals.ts'
import type { PortalKind } from '../stacks/portals.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'
import type { StartProxy } from '../stacks/street.ts'
import { traces } from '../stacks/traces.ts'

describe.each<[string, StartProxy, PortalKind]>([
  ['caddy', startCaddy, lemonldap],
  ['nginx', startNginx, lemonldap],
  ['haproxy', startHaproxy, lemonldap],
  ['apache', startApache, oidcProvider],
])('the sign-in check behind the recipe for %s', (kind, startProxy, portalKind) => {
  const stage = openStage()
  let porchlight: Porchlight
  let proxy: Proxy
  let cookie: string
  let diagnosis: Diagnosis

  beforeAll(async () => {
    const domain = 'photos.test'
    const names = { domain, app: `app.${domain}`, auth: `auth.${domain}`, port: await freePort() }
    const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'] }
    const server = { externalDomain: `https://${names.app}:${names.port}` }
    porchlight = await startPorchlight(stage, { config: { trustedHeader, server } })
    proxy = await startProxy(stage, { names, portal: await portalKind.start(stage, names), porchlight })
    cookie = (await portalKind.cookie(names, 'gran')).slice('Cookie: '.length)
    diagnosis = await runDoctor({ stage, porchlight, proxy, cookie })
  })

  test('finds everything green, and knows the proxy', () => {
    expect(diagnosis.findings.filter(({ level }) => level !== 'good')).toEqual([])
    expect(diagnosis.findings.length).toBeGreaterThan(20)
    expect(diagnosis.code).toBe(0)
    expect(diagnosis.findings.find(({ id }) => id === 'proxy')?.title).toContain(kind)
  })

  test('sees gran arrive, and tells her address to nobody', () => {
    const found = diagnosis.findings.find(({ id }) => id === 'identity')
    expect(found?.arrived).toContain('g***@home.example')
    expect(diagnosis.text).not.toContain('gran@home.example')
  })

  test('without a cookie finds nothing wrong either, and says what it could not see', async () => {
    const { findings, code } = await runDoctor({ stage, porchlight, proxy })
    expect(code).toBe(0)
    const others = findings.filter(({ level }) => level !== 'good')
    expect(others.map(({ id, level }) => [id, level])).toEqual([
      ['identity', 'unknown'],
      ['connection', 'unknown'],
    ])
  })

  test('makes no account and no session', () => {
    expect(traces(porchlight)).toEqual({ people: [], sessions: [] })
  })
})
