import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createAuditRowStore } from '../src/audit/audit-row-store.ts'
import { createAuditTrail, rowsPerHour } from '../src/audit/audit-trail.ts'
import type { AuditEvent } from '../src/audit/audit.ts'
import { openAudit } from '../src/audit/open-audit.ts'
import { systemClock, type Clock } from '../src/platform/clock.ts'
import { createLogger } from '../src/platform/logger.ts'
import { people, startServer, type SignedIn, type TestServer } from './start-server.ts'

const refusal = (changes: Partial<AuditEvent> = {}): AuditEvent => ({
  kind: 'sign_in_refused',
  code: 'unknown_person',
  method: 'trusted-header',
  email: people.gran.email,
  peer: '10.3.3.2',
  ...changes,
})

type Listed = {
  events: {
    id: string
    kind: string
    title: string
    code: string | null
    reason: string | null
    email: string | null
    peer: string | null
    person: { id: string; name: string; email: string } | null
    actor: { id: string; name: string | null } | null
    details: Record<string, unknown> | null
    count: number
    firstAt: string
    lastAt: string
  }[]
  next: string | null
}

async function list(server: TestServer, { headers }: SignedIn, query = ''): Promise<Listed> {
  const answer = await server.call({ path: `/api/admin/audit${query}`, headers })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body as Listed
}

/** A clock that stands still until it is set. */
function clockAt(time: string): Clock & { set(time: string): void } {
  let now = new Date(time)
  return { now: () => new Date(now), set: (time) => void (now = new Date(time)) }
}

const countRows = async (server: TestServer) => {
  await server.app.audit.flush()
  return (await server.app.db.selectFrom('audit_events').select('id').execute()).length
}

describe('what happened', () => {
  test('is read by an admin, newest first, with names and a reason to act on', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    const gran = await server.addPerson(people.gran)
    const { audit } = server.app
    audit.record(refusal({ peer: '10.3.3.2' }))
    await audit.flush()
    audit.record({
      kind: 'account_changed',
      userId: gran.id,
      actorId: admin.id,
      details: { before: { name: 'Oma' }, after: { name: 'Gran' } },
    })

    const { events, next } = await list(server, admin, '?search=gran')
    expect(next).toBeNull()
    expect(events.map(({ kind }) => kind)).toContain('sign_in_refused')
    const changed = events.find(({ kind, actor }) => kind === 'account_changed' && actor !== null)
    expect(changed).toMatchObject({
      title: 'Account changed',
      person: { id: gran.id, name: 'Gran', email: people.gran.email },
      actor: { id: admin.id, name: 'Admin' },
      details: { before: { name: 'Oma' }, after: { name: 'Gran' } },
      count: 1,
    })
    expect(events.find(({ code }) => code === 'unknown_person')).toMatchObject({
      title: 'Sign-in refused',
      reason: expect.stringContaining('Add the person'),
      email: people.gran.email,
      peer: '10.3.3.2',
    })
  })

  test('is for admins alone, and not for a key with fewer rights than all', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    const gran = await server.addPerson(people.gran)
    const key = await server.call({
      method: 'POST',
      path: '/api/api-keys',
      headers: admin.headers,
      body: { name: 'script', permissions: ['systemConfig.read', 'adminUser.read'] },
    })
    const { secret } = key.body as { secret: string }
    for (const path of ['', '/kinds', '/export'].map((end) => `/api/admin/audit${end}`)) {
      expect((await server.call({ path })).status).toBe(401)
      expect((await server.call({ path, headers: gran.headers })).status).toBe(403)
      expect((await server.call({ path, headers: { 'x-api-key': secret } })).status).toBe(403)
      expect((await server.call({ path, headers: admin.headers })).status).toBe(200)
    }
  })

  test('is found by what, who, when and any part of it', async () => {
    const clock = clockAt('2026-11-20T10:00:00.000Z')
    await using server = await startServer({ clock })
    const admin = await server.signUpAdmin()
    const gran = await server.addPerson(people.gran)
    await server.app.audit.flush()
    await server.app.db.deleteFrom('audit_events').execute()
    const { audit } = server.app
    audit.record({ kind: 'signed_in', userId: gran.id, method: 'trusted-header', peer: '10.3.3.2' })
    clock.set('2026-11-21T10:00:00.000Z')
    audit.record(refusal({ email: 'stran_ger@home.example' }))
    clock.set('2026-11-22T10:00:00.000Z')
    audit.record({ kind: 'settings_changed', actorId: admin.id })

    const kindsOf = async (query: string) => (await list(server, admin, query)).events.map(({ kind }) => kind)
    expect(await kindsOf('')).toEqual(['settings_changed', 'sign_in_refused', 'signed_in'])
    expect(await kindsOf('?kind=signed_in')).toEqual(['signed_in'])
    expect(await kindsOf('?code=unknown_person')).toEqual(['sign_in_refused'])
    expect(await kindsOf(`?userId=${gran.id}`)).toEqual(['signed_in'])
    expect(await kindsOf(`?userId=${admin.id}`)).toEqual(['settings_changed'])
    expect(await kindsOf('?from=2026-11-21T10:00:00Z')).toEqual(['settings_changed', 'sign_in_refused'])
    expect(await kindsOf('?to=2026-11-21T12:00:00%2B02:00')).toEqual(['signed_in'])
    expect(await kindsOf('?search=GRAN')).toEqual(['signed_in'])
    expect(await kindsOf('?search=10.3.3')).toEqual(['sign_in_refused', 'signed_in'])
    expect(await kindsOf('?search=n_g')).toEqual(['sign_in_refused'])
    expect(await kindsOf('?search=%25')).toEqual([])
    expect(await kindsOf("?search='%3B%20drop%20table%20audit_events")).toEqual([])
    for (const bad of [
      '?kind=nonsense',
      '?from=yesterday',
      '?before=x',
      '?limit=0',
      '?limit=201',
      '?search=%00',
    ])
      expect((await server.call({ path: `/api/admin/audit${bad}`, headers: admin.headers })).status).toBe(400)
  })

  test('is paged without a gap or a repeat, also among events of the same moment', async () => {
    const clock = clockAt('2026-11-20T10:00:00.000Z')
    await using server = await startServer({ clock })
    const admin = await server.signUpAdmin()
    for (let index = 0; index < 25; index++)
      server.app.audit.record(refusal({ email: `p${index}@home.example` }))
    const seen: (string | null)[] = []
    let query = '?kind=sign_in_refused&limit=10'
    for (let pages = 0; pages < 5; pages++) {
      const { events, next } = await list(server, admin, query)
      seen.push(...events.map(({ email }) => email))
      if (next === null) break
      query = `?kind=sign_in_refused&limit=10&before=${next}`
    }
    expect(seen).toHaveLength(25)
    expect(new Set(seen).size).toBe(25)
  })

  test('is taken along as CSV and as JSON lines, and no cell of it is a formula', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    for (let index = 0; index < 3; index++)
      server.app.audit.record(
        refusal({ email: `=cmd|' /C calc'!A${index}`, details: { note: 'a "word", more' } }),
      )
    const path = '/api/admin/audit/export?kind=sign_in_refused'
    const csv = await server.call({ path, headers: admin.headers })
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(csv.headers['content-disposition']).toBe('attachment; filename="porchlight-activity.csv"')
    expect(csv.headers['cache-control']).toContain('private')
    const [head, ...lines] = csv.text.trimEnd().split('\r\n')
    expect(head).toMatch(/^firstAt,lastAt,count,kind/)
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).toContain(`,'=cmd|`)
      expect(line).toContain('"{""note"":""a \\""word\\"", more""}"')
    }
    const jsonLines = await server.call({ path: `${path}&format=jsonl`, headers: admin.headers })
    const events = jsonLines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string })
    expect(events.map(({ kind }) => kind)).toEqual(Array(3).fill('sign_in_refused'))
  })

  test('is exported whole, however long it is', async () => {
    const clock = clockAt('2026-11-20T10:00:00.000Z')
    await using server = await startServer({ clock })
    const admin = await server.signUpAdmin()
    for (let hour = 0; hour < 3; hour++) {
      clock.set(`2026-11-20T1${hour}:30:00.000Z`)
      for (let index = 0; index < 490; index++)
        server.app.audit.record(refusal({ email: `p${index}@home.example` }))
    }
    const answer = await server.call({
      path: '/api/admin/audit/export?kind=sign_in_refused&format=jsonl',
      headers: admin.headers,
    })
    const ids = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id)
    expect(new Set(ids).size).toBe(1470)
    expect(ids).toHaveLength(1470)
  })

  test('names every kind and every code with a sentence', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    const answer = await server.call({ path: '/api/admin/audit/kinds', headers: admin.headers })
    const { kinds, codes } = answer.body as { kinds: { about: string }[]; codes: { reason: string }[] }
    expect(kinds.length).toBeGreaterThan(15)
    expect(codes.length).toBeGreaterThan(20)
    for (const { about } of kinds) expect(about).toMatch(/\.$/)
    for (const { reason } of codes) expect(reason).toMatch(/\.$/)
  })
})

describe('what the household does to itself', () => {
  test('is told with who did it, before and after, and never with a password or a key', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    const gran = await server.addPerson(people.gran)
    const as = async ({ headers }: SignedIn, method: string, path: string, body?: unknown) => {
      const answer = await server.call({ method, path, headers, body })
      if (answer.status >= 300) throw new Error(answer.text)
      return answer.body as Record<string, string>
    }
    const account = `/api/admin/users/${gran.id}`
    await as(admin, 'PUT', account, { name: 'Granny', isAdmin: true, password: 'a brand-new secret' })
    await as(admin, 'PUT', account, { isAdmin: false })
    await as(admin, 'PUT', account, {})
    await as(admin, 'DELETE', account, {})
    await as(admin, 'POST', `${account}/restore`)
    await as(admin, 'PUT', '/api/users/me', { name: 'Boss' })
    const key = await as(admin, 'POST', '/api/api-keys', { name: 'Backup', permissions: ['asset.read'] })
    await as(admin, 'PUT', `/api/api-keys/${key['id']}`, { name: 'Backup 2' })
    await as(admin, 'DELETE', `/api/api-keys/${key['id']}`)
    await as(admin, 'DELETE', '/api/sessions')

    const { events } = await list(server, admin, '?limit=200')
    const told = events.map(({ kind, person, actor, details }) => [kind, person?.id, actor?.id, details])
    const [boss, her] = [admin.id, gran.id]
    expect(told).toEqual(
      expect.arrayContaining([
        ['account_made', her, boss, { isAdmin: false, quotaBytes: null }],
        [
          'account_changed',
          her,
          boss,
          { before: { name: 'Gran' }, after: { name: 'Granny' }, passwordChanged: true },
        ],
        ['admin_granted', her, boss, null],
        ['admin_withdrawn', her, boss, null],
        ['account_deleted', her, boss, null],
        ['account_restored', her, boss, null],
        ['account_changed', boss, undefined, { before: { name: 'Admin' }, after: { name: 'Boss' } }],
        ['api_key_made', boss, undefined, { id: key['id'], name: 'Backup', permissions: ['asset.read'] }],
        [
          'api_key_changed',
          boss,
          undefined,
          { id: key['id'], name: 'Backup 2', permissions: ['asset.read'] },
        ],
        ['api_key_deleted', boss, undefined, { id: key['id'] }],
        ['sessions_revoked', boss, undefined, { sessions: 'all others' }],
      ]),
    )
    expect(told.filter(([kind]) => kind === 'account_changed')).toHaveLength(2)
    for (const { peer } of events) expect(peer).toBe('127.0.0.1')
  })
})

describe('equal events of one hour', () => {
  test('are one row with a count and the first and last time; other hours and other people are not', async () => {
    const clock = clockAt('2026-11-20T10:00:00.000Z')
    await using server = await startServer({ clock })
    const admin = await server.signUpAdmin()
    const { audit } = server.app
    for (let index = 0; index < 200; index++) audit.record(refusal())
    await audit.flush()
    clock.set('2026-11-20T10:59:59.999Z')
    for (let index = 0; index < 14; index++) audit.record(refusal())
    audit.record(refusal({ email: people.anna.email }))
    audit.record(refusal({ code: 'not_a_member' }))
    clock.set('2026-11-20T11:00:00.000Z')
    audit.record(refusal())

    const { events } = await list(server, admin, '?kind=sign_in_refused')
    expect(events.map(({ email, code, count }) => [email, code, count])).toEqual(
      expect.arrayContaining([
        [people.gran.email, 'unknown_person', 1],
        [people.gran.email, 'unknown_person', 214],
        [people.anna.email, 'unknown_person', 1],
        [people.gran.email, 'not_a_member', 1],
      ]),
    )
    expect(events).toHaveLength(4)
    expect(events.find(({ count }) => count === 214)).toMatchObject({
      firstAt: '2026-11-20T10:00:00.000Z',
      lastAt: '2026-11-20T10:59:59.999Z',
    })
  })

  test('are one row also when several servers write at once', async () => {
    await using server = await startServer({ clock: clockAt('2026-11-20T10:00:00.000Z') })
    const trails = await Promise.all(
      Array.from({ length: 4 }, () =>
        createAuditTrail({
          rows: createAuditRowStore(server.app.db),
          clock: clockAt('2026-11-20T10:00:00.000Z'),
          logger: createLogger('silent'),
        }),
      ),
    )
    const peers = Array.from({ length: 60 }, (_, index) => `10.0.0.${index}`)
    for (let round = 0; round < 3; round++)
      await Promise.all(
        trails.map((trail, index) => {
          const order = index % 2 === 0 ? peers : peers.toReversed()
          for (const peer of order) trail.record({ kind: 'spoof_refused', peer })
          return trail.flush()
        }),
      )
    await Promise.all(trails.map((trail) => trail.close()))
    const rows = await server.app.db
      .selectFrom('audit_events')
      .select(['peer', 'count'])
      .where('kind', '=', 'spoof_refused')
      .execute()
    expect(rows).toHaveLength(60)
    for (const { count } of rows) expect(count).toBe(12)
  })

  test('each keep their own row where somebody changed something', async () => {
    await using server = await startServer()
    const admin = await server.signUpAdmin()
    for (const enabled of [true, false, true])
      server.app.audit.record({
        kind: 'settings_changed',
        actorId: admin.id,
        details: { after: { enabled } },
      })
    const { events } = await list(server, admin, '?kind=settings_changed')
    const said = events.map(({ details }) => JSON.stringify(details))
    expect(said.filter((text) => text.includes('true'))).toHaveLength(2)
    expect(said.filter((text) => text.includes('false'))).toHaveLength(1)
  })
})

describe('a flood', () => {
  test('of made-up addresses is a bounded number of rows that loses no count', async () => {
    await using server = await startServer({ clock: clockAt('2026-11-20T10:00:00.000Z') })
    const admin = await server.signUpAdmin()
    const before = await countRows(server)
    for (let index = 0; index < 20_000; index++)
      server.app.audit.record(
        refusal({ email: `p${index}@home.example`, peer: `10.${index % 250}.0.1`, details: { index } }),
      )
    expect(await countRows(server)).toBe(before + rowsPerHour + 1)
    const { events } = await list(server, admin, '?kind=sign_in_refused&limit=200&search=others')
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      email: 'others',
      peer: 'others',
      count: 20_000 - rowsPerHour,
      details: null,
    })
    // Another kind of event still finds room.
    server.app.audit.record({ kind: 'signed_in', userId: admin.id })
    expect((await list(server, admin, `?kind=signed_in&userId=${admin.id}`)).events[0]?.email).not.toBe(
      'others',
    )
  })

  test('does not begin anew with each start of the server', async () => {
    const clock = clockAt('2026-11-20T10:00:00.000Z')
    await using server = await startServer({ clock })
    for (let index = 0; index < 600; index++)
      server.app.audit.record(refusal({ email: `a${index}@home.example` }))
    const first = await countRows(server)
    const again = await createAuditTrail({
      rows: createAuditRowStore(server.app.db),
      clock,
      logger: createLogger('silent'),
    })
    for (let index = 0; index < 600; index++) again.record(refusal({ email: `b${index}@home.example` }))
    await again.close()
    expect(await countRows(server)).toBe(first)
  })
})

describe('the trail', () => {
  test('is written within a second without anybody asking, and at the end of the server', async () => {
    await using server = await startServer()
    const rows = async () =>
      (await server.app.db.selectFrom('audit_events').select('kind').where('kind', '=', 'id_bound').execute())
        .length
    server.app.audit.record({ kind: 'id_bound', userId: 'gran' })
    expect(await rows()).toBe(0)
    await sleep(1000)
    expect(await rows()).toBe(1)
    server.app.audit.record({ kind: 'id_bound', userId: 'anna' })
    await server.app.audit.close()
    expect(await rows()).toBe(2)
  })

  test('never throws at the one who reports, whatever is reported', async () => {
    await using server = await startServer()
    const hostile = {
      get email(): string {
        throw new Error('no')
      },
    }
    const { audit } = server.app
    audit.record({ kind: 'signed_in', details: hostile })
    audit.record(Object.assign(Object.create(hostile) as object, { kind: 'signed_in' }) as AuditEvent)
    audit.record({ kind: 'no_such_kind' as 'signed_in' })
    audit.record({ kind: 'signed_in', email: 7 as unknown as string })
    audit.record({ kind: 'signed_in', email: '\0\uD800', peer: '\0', details: { '\0': '\0\uDFFF' } })
    await audit.flush()
    const row = await server.app.db
      .selectFrom('audit_events')
      .selectAll()
      .where('kind', '=', 'signed_in')
      .where('peer', 'is not', null)
      .executeTakeFirst()
    expect(row?.email).toBe(' ')
  })

  test('keeps what the database did not take, and writes it when it does again', async () => {
    await using server = await startServer()
    const store = createAuditRowStore(server.app.db)
    let broken = true
    const rows = {
      ...store,
      add: async (batch: Parameters<typeof store.add>[0]) => {
        if (broken) throw new Error('disk full')
        await store.add(batch)
      },
    }
    const trail = await createAuditTrail({ rows, clock: systemClock, logger: createLogger('silent') })
    trail.record({ kind: 'spoof_refused', peer: '10.9.9.9' })
    await trail.flush()
    trail.record({ kind: 'spoof_refused', peer: '10.9.9.9' })
    await trail.flush()
    broken = false
    await trail.close()
    const kept = await server.app.db
      .selectFrom('audit_events')
      .select('count')
      .where('peer', '=', '10.9.9.9')
      .execute()
    expect(kept).toEqual([{ count: 2 }])
  })

  test('forgets after as many days as the admin says, and not a day before', async () => {
    const clock = clockAt('2026-08-01T10:00:00.000Z')
    await using server = await startServer({ clock })
    const { db, audit } = server.app
    audit.record(refusal())
    expect(await countRows(server)).toBe(1)
    const startAgain = async (time: string) => {
      const keepDays = async () => 90
      const again = await openAudit({ db, clock: clockAt(time), logger: createLogger('silent'), keepDays })
      await again.close()
    }
    await startAgain('2026-10-30T10:00:00.000Z')
    expect(await countRows(server)).toBe(1)
    await startAgain('2026-10-30T10:00:00.001Z')
    expect(await countRows(server)).toBe(0)
  })

  test('is kept for 90 days unless an admin says otherwise, from a day to ten years', async () => {
    await using server = await startServer()
    const { headers } = await server.signUpAdmin()
    const path = '/api/admin/config'
    const { body: config } = await server.call({ path, headers })
    expect(config).toMatchObject({ audit: { keepDays: 90 } })
    const keep = async (keepDays: unknown) =>
      server.call({ method: 'PUT', path, headers, body: { ...(config as object), audit: { keepDays } } })
    for (const bad of [0, 3651, 1.5, '30', null]) expect((await keep(bad)).status).toBe(400)
    expect((await keep(30)).status).toBe(200)
    // Immich's clients do not know the section and leave it out.
    const { audit: _, ...theirs } = config as { audit: unknown }
    const answer = await server.call({ method: 'PUT', path, headers, body: theirs })
    expect(answer.body).toMatchObject({ audit: { keepDays: 30 } })
  })
})
