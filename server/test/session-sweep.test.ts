import { expect, test } from 'vitest'
import { createSessionStore } from '../src/sessions/session-store.ts'
import { people, startServer } from './start-server.ts'

const day = 24 * 60 * 60 * 1000

test('sessions that are over are forgotten, and no others', async () => {
  await using server = await startServer()
  const { id: userId } = await server.signUpAdmin()
  const device = { type: '', os: '', appVersion: null }
  const storeAt = (time: number) =>
    createSessionStore({ db: server.app.db, clock: { now: () => new Date(time) } })
  const start = (time: number) =>
    storeAt(time).start({ userId, method: 'password', device, seenFrom: undefined })
  const now = Date.now()
  await start(now - 91 * day)
  await start(now - 89 * day)
  expect((await server.countEverything()).sessions).toBe(3)

  expect(await storeAt(now).removeOver()).toBe(1)
  expect((await server.countEverything()).sessions).toBe(2)
  expect(await storeAt(now).removeOver()).toBe(0)
  const body = { email: people.admin.email, password: people.admin.password }
  expect((await server.call({ method: 'POST', path: '/api/auth/login', body })).status).toBe(201)
})
