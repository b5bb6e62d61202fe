import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { httpCall, type Answer, type Call } from './http-call.ts'
import { spawnServer } from './server-process.ts'
import { people } from './start-server.ts'
import { createTestDatabase } from './test-database.ts'

type Document = { trustedHeader: Record<string, unknown>; theme: { customCss: string } }

/** The settings belong together: whatever was in force at once has the same number in three places. */
const numbered = (document: Document, number: number) => ({
  ...document,
  trustedHeader: {
    ...document.trustedHeader,
    enabled: number % 2 === 0,
    networks: [`10.${number % 250}.0.0/16`],
    memberGroup: `group-${number}`,
  },
  theme: { customCss: `/* ${number} */` },
})

/** Each takes more than a second; the second database shows that it is no matter of the first. */
const rounds = process.env['TEST_DATABASE_URL'] ? 10 : 50

test(
  'a server that is killed again and again while settings are saved has either the old or the new ones',
  {
    timeout: 600_000,
  },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'porchlight-settings-crash-'))
    const database = await createTestDatabase()
    let server = await spawnServer({ dataDir, databaseUrl: database.url })
    onTestFinished(async () => {
      await server.kill()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    })
    const call = (one: Call): Promise<Answer> => httpCall(server.port, one)
    await call({ method: 'POST', path: '/api/auth/admin-sign-up', body: people.admin })
    const login = await call({ method: 'POST', path: '/api/auth/login', body: people.admin })
    const bearer = { authorization: `Bearer ${(login.body as { accessToken: string }).accessToken}` }
    const key = await call({
      method: 'POST',
      path: '/api/api-keys',
      headers: bearer,
      body: { permissions: ['all'] },
    })
    const headers = { 'x-api-key': (key.body as { secret: string }).secret }
    const read = async () => (await call({ path: '/api/system-config', headers })).body as Document
    const document = await read()

    let number = 0
    let acknowledged = 0
    for (let round = 0; round < rounds; round++) {
      const saving = (async () => {
        for (;;) {
          number++
          const body = numbered(document, number)
          const answer = await call({ method: 'PUT', path: '/api/system-config', headers, body })
          if (answer.status !== 200) throw new Error(answer.text)
          acknowledged = number
        }
      })().catch((error: NodeJS.ErrnoException) => error.code ?? String(error))
      await pause(20 + Math.random() * 150)
      await server.kill()
      expect(['ECONNRESET', 'ECONNREFUSED', 'EPIPE']).toContain(await saving)

      server = await spawnServer({ dataDir, databaseUrl: database.url })
      const { trustedHeader, theme } = await read()
      const kept = Number(/\d+/.exec(theme.customCss)?.[0])
      expect([acknowledged, number]).toContain(kept)
      acknowledged = kept
      expect({ trustedHeader, theme }).toMatchObject({
        trustedHeader: numbered(document, kept).trustedHeader,
        theme: numbered(document, kept).theme,
      })
    }
    expect(acknowledged).toBeGreaterThan(rounds)
  },
)
