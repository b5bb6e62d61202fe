import { beforeAll, describe, expect, test } from 'vitest'
import { createServer } from 'node:http'
import { startApache } from '../stacks/apache.ts'
import { startCaddy } from '../stacks/caddy.ts'
import type { Program } from '../stacks/child-program.ts'
import { runDoctor } from '../stacks/doctor.ts'
import type { Diagnosis } from '../stacks/doctor.ts'
import { freePort } from '../stacks/free-port.ts'
import { startHaproxy } from '../stacks/haproxy.ts'
import { knownBad } from '../stacks/known-bad.ts'
import type { KnownBad } from '../stacks/known-bad.ts'
import type { Portal, PublicNames } from '../stacks/lemonldap.ts'
import { startNginx } from '../stacks/nginx.ts'
import { oidcCookie } from '../stacks/oidc-cookie.ts'
import { startOidcProvider } from '../stacks/oidc-provider.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'
import type { Stage } from '../stacks/stage.ts'
import { traces } from '../stacks/traces.ts'

const startProxy = { caddy: startCaddy, nginx: startNginx, haproxy: startHaproxy, apache: startApache }

describe('a configuration that lets through what it should not', () => {
  const stage = openStage()
  let porchlight: Porchlight
  let portal: Portal

  beforeAll(async () => {
    const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'], allowedHosts: ['app.photos.test'] }
    porchlight = await startPorchlight(stage, { config: { trustedHeader } })
    portal = await startForgetfulPortal(stage)
  })

  test.each(knownBad)('$title: the check says so, and its lines mend it', async (known) => {
    const before = traces(porchlight)
    const { id, level, words } = known.finding

    const bad = await diagnose(known, known.breaks)
    const found = bad.findings.find((finding) => finding.id === id)
    expect(found).toMatchObject({ level, mend: { proxy: known.proxy } })
    expect(found?.reason).toMatch(words)
    expect(bad.code).toBe(level === 'bad' ? 1 : 0)

    const lines = found?.mend?.lines ?? []
    const mended = await diagnose(known, (recipe) => known.mends(known.breaks(recipe), lines))
    expect(mended.findings.find((finding) => finding.id === id)).toMatchObject({ level: 'good' })
    expect(mended.findings.filter((finding) => finding.level === 'bad')).toEqual([])
    expect(mended.code).toBe(0)
    expect(traces(porchlight)).toEqual(before)
  })

  /** Starts the proxy, asks the doctor, and stops the proxy. */
  async function diagnose({ proxy: kind }: KnownBad, change: (recipe: string) => string): Promise<Diagnosis> {
    const names = {
      domain: 'photos.test',
      app: 'app.photos.test',
      auth: 'auth.photos.test',
      port: await freePort(),
    }
    const { scene, close } = sceneOn(stage, `${kind}-${names.port}`)
    try {
      const behind = kind === 'apache' ? await startOidcProvider(scene, names) : portal
      const proxy = await startProxy[kind](scene, { names, portal: behind, porchlight, change })
      return await runDoctor({ stage, porchlight, proxy, cookie: await cookieFor(kind, names) })
    } finally {
      await close()
    }
  }
})

const cookieFor = async (kind: KnownBad['proxy'], names: PublicNames) =>
  kind === 'apache' ? (await oidcCookie(names, 'gran')).slice('Cookie: '.length) : 'portal=gran'

/** A part of the stage that is cleared before its end: folders of its own, and programs that stop with it. */
function sceneOn(stage: Stage, name: string): { scene: Stage; close: () => Promise<void> } {
  const programs: Program[] = []
  const scene: Stage = {
    ...stage,
    folder: (path) => stage.folder(`${name}/${path}`),
    start: async (spec) => {
      const program = await stage.start(spec)
      programs.push(program)
      return program
    },
  }
  return { scene, close: async () => void (await Promise.all(programs.map((program) => program.stop()))) }
}

/** Knows gran by her cookie, but none of her groups; lets shared links pass and names nobody there, like a bypass rule. */
async function startForgetfulPortal(stage: Stage): Promise<Portal> {
  const port = await freePort()
  const server = createServer(({ headers, url = '' }, answer) => {
    const asked = String(headers['x-forwarded-uri'] ?? headers['x-original-uri'] ?? '')
    if (/(^|;\s*)portal=gran(;|$)/.test(headers.cookie ?? ''))
      return answer
        .writeHead(200, { 'Remote-User': 'gran', 'Remote-Email': 'gran@home.example', 'Remote-Name': 'Gran' })
        .end()
    if (asked.startsWith('/share/')) return answer.writeHead(200).end()
    // nginx takes nothing but 401 for a no.
    return answer
      .writeHead(url.startsWith('/nginx-auth') ? 401 : 302, { location: 'https://auth.photos.test/' })
      .end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stage.atTheEnd(async () => {
    server.close()
    server.closeAllConnections()
  })
  return { address: `127.0.0.1:${port}` }
}
