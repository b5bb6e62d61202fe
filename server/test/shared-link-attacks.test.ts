import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { onePixelPng, upload } from './library-client.ts'
import { sharedHouse, type Link, type SharedHouse } from './shared-house.ts'
import { auditOf } from './vouching.ts'

const give = ({ visit }: SharedHouse, link: Link, password: unknown) =>
  visit(link, { method: 'POST', path: '/api/shared-links/login', body: { password } })

const page = ({ server }: SharedHouse, path: string, headers: Record<string, string> = {}) =>
  server.call({ path, headers: { accept: 'text/html', 'sec-fetch-dest': 'document', ...headers } })

test('who guesses a link’s password is slowed down, and who has given it goes on', async () => {
  let now = new Date('2026-11-23T12:00:00Z')
  await using house = await sharedHouse({ clock: { now: () => now } })
  const link = await house.shareAlbum({ password: 'dunes' })
  const other = await house.sharePhotos({ password: 'dunes' })
  const { cookies } = await give(house, link, 'dunes')
  const given = { cookie: `immich_shared_link_token=${cookies['immich_shared_link_token']}` }

  const statuses = await Promise.all(Array.from({ length: 30 }, (_, n) => give(house, link, `guess ${n}`)))
  expect(statuses.filter(({ status }) => status === 401)).toHaveLength(5)
  const slowed = statuses.filter(({ status }) => status === 429)
  expect(slowed).toHaveLength(25)
  expect(slowed[0]?.headers['retry-after']).toBe('1')
  expect((await give(house, link, 'dunes')).status).toBe(429)
  expect((await house.visit(link, { path: '/api/shared-links/me', headers: given })).status).toBe(200)
  expect((await give(house, other, 'dunes')).status).toBe(201)

  now = new Date(now.getTime() + 11 * 60_000)
  expect((await give(house, link, 'dunes')).status).toBe(201)
  const refused = (await auditOf(house.server)).filter(({ code }) => code === 'wrong_link_password')
  expect(refused).toMatchObject([{ kind: 'sign_in_refused', method: 'shared-link', count: 5 }])
})

test('the password’s cookie is out of reach for scripts, opens its own link only, and ends with the password', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum({ password: 'dunes' })
  const other = await house.sharePhotos({ password: 'dunes' })
  const answer = await give(house, link, 'dunes')
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^immich_shared_link_token=[\w-]{43}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Lax$/,
    ),
  ])
  const headers = { cookie: `immich_shared_link_token=${answer.cookies['immich_shared_link_token']}` }
  const me = (of: Link) => house.visit(of, { path: '/api/shared-links/me', headers })
  expect((await me(link)).status).toBe(200)
  expect((await me(other)).status).toBe(401)
  const body = { password: 'dunes' }
  await house.server.call({
    method: 'PATCH',
    path: `/api/shared-links/${link.id}`,
    headers: house.gran.headers,
    body,
  })
  expect((await me(link)).status).toBe(401)
  for (const forged of [
    createHash('sha256').update(`${link.id}dunes`).digest('base64url'),
    'x'.repeat(43),
    ',,,',
  ])
    expect(
      (
        await house.visit(link, {
          path: '/api/shared-links/me',
          headers: { cookie: `immich_shared_link_token=${forged}` },
        })
      ).status,
    ).toBe(401)
})

test('both links’ passwords can be given in one browser', async () => {
  await using house = await sharedHouse()
  const [one, two] = [
    await house.shareAlbum({ password: 'dunes' }),
    await house.sharePhotos({ password: 'beach' }),
  ]
  const first = (await give(house, one, 'dunes')).cookies['immich_shared_link_token']
  const both = await house.visit(two, {
    method: 'POST',
    path: '/api/shared-links/login',
    headers: { cookie: `immich_shared_link_token=${first}` },
    body: { password: 'beach' },
  })
  const headers = { cookie: `immich_shared_link_token=${both.cookies['immich_shared_link_token']}` }
  for (const link of [one, two])
    expect((await house.visit(link, { path: '/api/shared-links/me', headers })).status).toBe(200)
})

test('other ids, paths and filters lead nowhere outside of what the link shows', async () => {
  await using house = await sharedHouse()
  const { photos, album, otherAlbum, gran } = house
  const link = await house.shareAlbum()
  const single = await house.sharePhotos()
  const bucket = 'timeBucket=2024-05-01'
  for (const [of, path] of [
    [link, `/api/assets/${photos.secret}`],
    [link, `/api/assets/${photos.single}/original`],
    [link, `/api/assets/${photos.elsewhere}/thumbnail`],
    [link, `/api/assets/${photos.shown}%2f..%2f${photos.secret}/original`],
    [link, `/api/albums/${otherAlbum}`],
    [link, `/api/timeline/bucket?${bucket}`],
    [link, `/api/timeline/bucket?${bucket}&userId=${gran.id}`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${otherAlbum}`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${album}&albumId=${otherAlbum}`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${album}&isTrashed=true`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${album}&isFavorite=true`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${album}&visibility=archive`],
    [link, `/api/timeline/bucket?${bucket}&albumId=${album}&userId=${gran.id}`],
    [single, `/api/albums/${album}`],
    [single, `/api/assets/${photos.shown}`],
    [single, `/api/timeline/buckets?albumId=${album}`],
    [single, `/api/timeline/bucket?${bucket}`],
  ] as const) {
    const answer = await house.visit(of, { path })
    expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
    expect(answer.text).not.toMatch(/passport|letters|"id":\[/)
  }
})

test.each([
  ['twice the key', (link: Link) => `/api/shared-links/me?key=${link.key}&key=${link.key}`],
  ['as a list', (link: Link) => `/api/shared-links/me?key[]=${link.key}`],
  ['with NUL', () => '/api/shared-links/me?key=%00'],
  ['as SQL', () => `/api/shared-links/me?slug=${encodeURIComponent("' or 1=1 --")}`],
  ['as a wildcard', () => '/api/shared-links/me?slug=%25'],
  ['of 100,000 letters', () => `/api/shared-links/me?key=${'a'.repeat(10_000)}`],
  ['by the id', (link: Link) => `/api/shared-links/me?key=${link.id}`],
])('a key written %s opens nothing', async (_, pathOf) => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum()
  const { status } = await house.server.call({ path: pathOf(link) })
  expect([400, 401]).toContain(status)
})

test('without leave to upload nothing comes in, and a checksum draws nothing into a link', async () => {
  await using house = await sharedHouse()
  const { server, photos, gran } = house
  const visitor = (link: Link) => ({
    port: server.port,
    person: { headers: { 'x-immich-share-key': link.key } },
  })
  const count = async () => (await server.app.db.selectFrom('assets').select('id').execute()).length
  const before = await count()
  const closed = await house.shareAlbum()
  expect(await upload(visitor(closed), { name: 'x.png', bytes: onePixelPng })).toMatchObject({
    status: 403,
    body: { message: 'Forbidden' },
  })
  expect(await count()).toBe(before)

  const open = await house.shareAlbum({ allowUpload: true })
  const secret = await server.call({ path: `/api/assets/${photos.secret}`, headers: gran.headers })
  const { checksum } = secret.body as { checksum: string }
  const sent = await upload(visitor(open), {
    name: 'x.png',
    bytes: onePixelPng,
    headers: { 'x-immich-checksum': checksum },
  })
  expect(sent).toMatchObject({ status: 201, body: { status: 'created' } })
  expect(sent.body.id).not.toBe(photos.secret)
  expect((await house.visit(open, { path: `/api/assets/${photos.secret}` })).status).toBe(400)
})

test('a visitor who has a copy of what was put away neither sees it nor learns that it is there', async () => {
  await using house = await sharedHouse()
  const { server, gran } = house
  const owner = { port: server.port, person: gran }
  const archived = await upload(owner, {
    name: 'mine.png',
    bytes: onePixelPng,
    fields: { visibility: 'archive' },
  })
  const link = await house.shareAlbum({ allowUpload: true })
  const visitor = { port: server.port, person: { headers: { 'x-immich-share-key': link.key } } }
  const sent = await upload(visitor, { name: 'copy.png', bytes: onePixelPng })
  expect(sent).toMatchObject({ status: 201, body: { status: 'created' } })
  expect((await house.visit(link, { path: `/api/assets/${archived.body.id}` })).status).toBe(400)
})

test('the page of a link tells other programs what it shows, and nothing where a password is needed', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum({ slug: 'summer' })
  const byKey = await page(house, `/share/${link.key}`)
  expect([byKey.status, byKey.headers['cache-control']]).toEqual([200, 'no-store'])
  expect(byKey.text).toContain('<meta property="og:title" content="Summer">')
  expect(byKey.text).toContain('content="2 shared photos &#38; videos"')
  const image = /og:image" content="([^"]+)"/.exec(byKey.text)?.[1]?.replaceAll('&#38;', '&') ?? ''
  expect(image).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/assets\//)
  expect(
    (await house.server.call({ path: image.replace(/^http:\/\/[^/]+/, '') })).headers['content-type'],
  ).toBe('image/jpeg')
  const bySlug = await page(house, '/s/summer')
  expect(bySlug.text).toContain('size=preview&#38;slug=summer')
  expect(bySlug.text).not.toContain(link.key)

  const locked = await house.shareAlbum({ password: 'dunes', description: 'Our secret' })
  const answer = await page(house, `/share/${locked.key}`)
  expect(answer.status).toBe(200)
  expect(answer.text).not.toMatch(/Summer|secret|og:image|2 shared/)
})

test('a bad link’s page is a 404 that says nothing else, and looks the same for each kind of bad', async () => {
  await using house = await sharedHouse()
  const over = await house.shareAlbum({ expiresAt: '2020-01-01T00:00:00.000Z', slug: 'over' })
  const texts = new Set<string>()
  for (const path of [
    `/share/${over.key}`,
    '/s/over',
    '/s/nobodys',
    '/share/x',
    '/share/%00',
    '/s/%E0%A4%A',
    `/share/${'a'.repeat(5000)}`,
  ]) {
    const answer = await page(house, path)
    expect([path, [404, 400].includes(answer.status)]).toEqual([path, true])
    if (answer.status === 404) texts.add(answer.text)
  }
  expect(texts.size).toBe(1)
})

test.each([
  '"><script>alert(1)</script>',
  `' onload=alert(1) x='`,
  '</head><body>',
  '$& $` $1',
  '&quot;&lt;',
  'a\r\nset-cookie: x=1',
  '<!--',
  '`',
])('an album named %s is text on the link’s page', async (albumName) => {
  await using house = await sharedHouse()
  const { server, gran, album } = house
  await server.call({
    method: 'PATCH',
    path: `/api/albums/${album}`,
    headers: gran.headers,
    body: { albumName },
  })
  const link = await house.shareAlbum({ description: albumName })
  const { text, headers } = await page(house, `/share/${link.key}`)
  const contents = [...text.matchAll(/<meta (?:name|property)="[\w:]+" content="([^"]*)">/g)].map(
    ([, content]) => content ?? '',
  )
  expect(contents.length).toBeGreaterThan(5)
  for (const content of contents) expect(content).toMatch(/^[^"'<>`\r\n]*$/)
  expect(text.replaceAll(/<meta [^>]*>/g, '')).toBe(
    '<!doctype html><html><head><title>Porchlight</title></head><body></body></html>\n',
  )
  expect(headers['set-cookie']).toBeUndefined()
})

test('the name that a request gives us does not become an address in the page', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum()
  for (const host of ['evil.example/"><script>', 'evil.example"onload=', "evil.example'"]) {
    const { text } = await page(house, `/share/${link.key}`, { host })
    expect(text).not.toMatch(/<script>|"onload|evil\.example'/)
  }
})

test('nobody is signed in on a link’s page, whomever the proxy vouches for', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum({ slug: 'summer' })
  const before = await house.server.countEverything()
  for (const path of [`/share/${link.key}`, '/s/summer', '/s/nobodys', `/photos?key=${link.key}`]) {
    const answer = await page(house, path, { 'remote-email': 'gran@home.example' })
    expect([path, answer.headers['set-cookie']]).toEqual([path, undefined])
  }
  expect(await house.server.countEverything()).toEqual(before)
})

test('a link sends nobody away from here', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum()
  for (const size of ['original', 'fullsize']) {
    for (const more of ['', '&key=https://evil.example', '&slug=//evil.example', '&next=//evil.example']) {
      const path = `/api/assets/${house.photos.shown}/thumbnail?size=${size}${more}`
      const { status, headers } = await house.visit(link, { path })
      expect([302, 400, 401]).toContain(status)
      expect(headers.location ?? 'original').toMatch(/^(original|thumbnail\?size=preview)/)
    }
  }
  for (const path of ['/share//evil.example', '/share/https:%2f%2fevil.example', '/s/..%2f..%2fphotos']) {
    const { status, headers } = await page(house, path)
    expect([path, headers.location, status >= 400]).toEqual([path, undefined, true])
  }
})

test('no link’s key is in the log', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum()
  const audit = await house.server.app.db.selectFrom('audit_events').selectAll().execute()
  await house.server.app.audit.flush()
  const after = await house.server.app.db.selectFrom('audit_events').selectAll().execute()
  expect(JSON.stringify([...audit, ...after])).not.toContain(link.key)
  expect(after.map(({ kind }) => kind)).toContain('shared_link_made')
})
