import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type App } from '../src/app.ts'
import { systemClock, type Clock } from '../src/platform/clock.ts'
import { parseEnvironment } from '../src/platform/environment.ts'
import { createLogger, type Logger } from '../src/platform/logger.ts'
import { asCookieHeader, httpCall, type Answer, type Call } from './http-call.ts'
import { createTestDatabase } from './test-database.ts'

/** Where the tests call from: `proxy` is the address that tests name as trusted, `intruder` never is. */
export const peers = { proxy: '127.0.0.1', intruder: '127.0.0.66' }

export const people = {
  admin: { email: 'admin@home.example', password: 'lamp over the door', name: 'Admin' },
  gran: { email: 'gran@home.example', password: 'apple cake recipe', name: 'Gran' },
  anna: { email: 'anna@home.example', password: 'bicycle in the shed', name: 'Anna' },
}

/** A person signed in by password: as an API client by `headers`, as a browser by `cookie`. */
export type SignedIn = { id: string; token: string; headers: Record<string, string>; cookie: string }

export type TestServer = {
  port: number
  dataDir: string
  /** What the server was started with, for a program that works on the same data. */
  environment: Record<string, string>
  call(call: Call): Promise<Answer>
  /** Registers the first admin and signs in. */
  signUpAdmin(): Promise<SignedIn>
  /** An account made by the admin, signed in by password. */
  addPerson(person: { email: string; password: string; name: string }): Promise<SignedIn>
  /** How many accounts and sessions there are: what a refused request must not change. */
  countEverything(): Promise<{ users: number; sessions: number }>
  app: App
  [Symbol.asyncDispose](): Promise<void>
}

type Options = {
  environment?: Record<string, string>
  clock?: Clock
  /** Use this folder and leave it: for tests that start again on the same data. */
  dataDir?: string
  /** Says nothing unless asked. */
  logger?: Logger
}

/** A whole server on a free port with an empty database; every answer is checked against its schema. */
export async function startServer({
  environment = {},
  clock = systemClock,
  dataDir,
  logger = createLogger(process.env.TEST_LOG_LEVEL ?? 'silent'),
}: Options = {}): Promise<TestServer> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'porchlight-test-')))
  const database = await createTestDatabase()
  const variables = {
    PORCHLIGHT_DATA_DIR: folder,
    ...(database.url ? { PORCHLIGHT_DATABASE_URL: database.url } : {}),
    ...environment,
  }
  const app = await createApp({
    environment: parseEnvironment(variables),
    logger,
    clock,
    checkAnswers: true,
  })
  await app.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.http.server.address() as AddressInfo
  const call = (one: Call) => httpCall(port, one)

  return {
    port,
    dataDir: folder,
    environment: variables,
    call,
    app,
    async signUpAdmin() {
      const answer = await call({ method: 'POST', path: '/api/auth/admin-sign-up', body: people.admin })
      if (answer.status !== 201) throw new Error(answer.text)
      return signIn(call, people.admin)
    },
    async addPerson(person) {
      const admin = await signIn(call, people.admin)
      const answer = await call({
        method: 'POST',
        path: '/api/admin/users',
        headers: admin.headers,
        body: person,
      })
      if (answer.status !== 201) throw new Error(answer.text)
      return signIn(call, person)
    },
    async countEverything() {
      const count = async (table: 'users' | 'sessions') =>
        (await app.db.selectFrom(table).select('id').execute()).length
      return { users: await count('users'), sessions: await count('sessions') }
    },
    async [Symbol.asyncDispose]() {
      await app.close()
      await database.drop()
      if (dataDir === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function signIn(
  call: TestServer['call'],
  { email, password }: { email: string; password: string },
): Promise<SignedIn> {
  const answer = await call({ method: 'POST', path: '/api/auth/login', body: { email, password } })
  if (answer.status !== 201) throw new Error(answer.text)
  const { accessToken: token, userId: id } = answer.body as { accessToken: string; userId: string }
  return { id, token, headers: { authorization: `Bearer ${token}` }, cookie: asCookieHeader(answer.cookies) }
}
