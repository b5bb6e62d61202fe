import { beforeAll, describe, expect, test } from 'vitest'
import { moveIn } from '../../scripts/household-people.ts'
import { assertionSettings } from '../conformance/assertion-vectors.ts'
import { knownMistakes, mistakesIntroduction } from '../conformance/known-mistakes.ts'
import type { Mistake } from '../conformance/known-mistakes.ts'
import { arrivedIn, didIn } from '../conformance/measure.ts'
import { startAliasHop } from '../stacks/alias-hop.ts'
import { startBadRecipe } from '../stacks/bad-recipe.ts'
import type { Portal } from '../stacks/lemonldap.ts'
import { ask } from '../stacks/peers.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { startScriptedPortal } from '../stacks/scripted-portal.ts'
import { openStage } from '../stacks/stage.ts'
import { startTap } from '../stacks/tap.ts'
import type { Tap } from '../stacks/tap.ts'
import { writtenPage } from '../stacks/written-page.ts'

const portalSays = {
  gran: { headers: ['Remote-User: gran', 'Remote-Email: gran@home.example'] },
  silent: { status: 200 },
}

describe('proxies whose configuration has a known mistake', () => {
  const stage = openStage()
  const lines: string[] = []
  let marks = 0
  const ports = new Map<string, Promise<number>>()
  let portal: Portal
  let tap: Tap
  let server: Porchlight
  let asksForAssertion: Porchlight
  let asksForSecret: Porchlight

  beforeAll(async () => {
    const open = async (name: string, proof: Record<string, unknown>) => {
      const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'], ...proof }
      const porchlight = await startPorchlight(stage, { name, config: { trustedHeader } })
      await moveIn(porchlight.url)
      return porchlight
    }
    server = await open('plain', {})
    asksForAssertion = await open('assertion', { assertion: assertionSettings })
    asksForSecret = await open('secret', { secret: { values: ['a-secret-of-the-proxy-and-porchlight'] } })
    portal = await startScriptedPortal(stage, portalSays)
    tap = await startTap(stage)
    tap.passTo(server.port)
  })

  test.each(knownMistakes)('$file, $mistake: what gets through, and what comes of it', async (one) => {
    const { arrived, did } = await measure(one)
    const verdict = one.wrongPerson ? `${did}: **a wrong person**` : did
    const sent = [...one.headers, ...(one.portal === undefined ? [] : [`the portal says: ${one.portal}`])]
    lines.push(
      `| \`${one.file}\` | ${one.mistake} | ${sent.map(quoted).join(', ')} | ${arrived} | ${verdict} |`,
    )
    expect(did).toBe(one.outcome)
    expect(one.wrongPerson === true).toBe(did.includes('admin@home.example'))
  })

  test.each(knownMistakes.filter(({ wrongPerson }) => wrongPerson))(
    '$file, $mistake: nobody gets in where a signed assertion is asked for',
    async (one) => {
      tap.passTo(asksForAssertion.port)
      const { did } = await measure(one)
      tap.passTo(server.port)
      expect(did).toBe('401 `no_assertion`')
    },
  )

  test('an address from which everybody calls, such as a container’s gateway, makes everybody the proxy', async () => {
    const answer = await ask({
      to: server,
      path: '/api/users/me',
      headers: ['Remote-Email: admin@home.example'],
    })
    const did = didIn({ arrived: [], answer })
    const withSecret = await ask({
      to: asksForSecret,
      path: '/api/users/me',
      headers: ['Remote-Email: admin@home.example'],
    })
    const sent = '`Remote-Email: admin@home.example`, past the proxy'
    const mistake = 'the list of trusted networks holds an address that outsiders come from, too'
    lines.push(`| settings | ${mistake} | ${sent} | the same | ${did}: **a wrong person** |`)
    expect(did).toBe('200: admin@home.example')
    expect(withSecret.status).toBe(401)
  })

  test('trust in every address there is keeps the server from starting, and it says why', async () => {
    const env = { PORCHLIGHT_TRUSTED_NETWORKS: '0.0.0.0/0' }
    const start = startPorchlight(stage, { name: 'trusting-everybody', env })
    await expect(start).rejects.toThrow(/0\.0\.0\.0\/0.*anyone could name themselves/s)
    lines.push('| settings | `PORCHLIGHT_TRUSTED_NETWORKS=0.0.0.0/0` | | | does not start, and says why |')
  })

  test('the table in docs/bad-recipes.md says what was measured', () => {
    const head = ['| configuration | its mistake | the client sends | what arrives | what Porchlight does |']
    const table = [...head, '| --- | --- | --- | --- | --- |', ...lines].join('\n')
    const page = `${mistakesIntroduction}\n${table}\n`
    expect(writtenPage('bad-recipes.md', page)).toBe(page)
  })

  async function measure({ file, throughAliasHop, portal: known, headers }: Mistake) {
    const porchlight = throughAliasHop ? await startAliasHop(stage, tap) : tap
    const name = `${file} ${throughAliasHop ? porchlight.address : ''}`
    const port = await (ports.get(name) ?? startBadRecipe(stage, file, { portal, porchlight }))
    ports.set(name, Promise.resolve(port))
    marks += 1
    const mark = `mistake-${marks}-`
    const cookie = known === undefined ? [] : [`Cookie: portal=${known}`]
    const answer = await ask({
      to: { port },
      path: '/api/users/me',
      headers: [`X-Case: ${mark}`, ...cookie, ...headers],
    })
    const seen = { arrived: tap.arrived(mark), answer }
    return { arrived: arrivedIn(seen), did: didIn(seen) }
  }
})

const quoted = (text: string) => (text.startsWith('the portal') ? text : `\`${text}\``)
