import { expect, test } from 'vitest'
import { onePixelPng, upload } from './library-client.ts'
import { sharedHouse } from './shared-house.ts'

test('who has the link to an album sees its pictures, without an account, by key and by slug', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum({ slug: 'summer-at-grans', description: 'Come and look' })
  expect(link).toMatchObject({
    type: 'ALBUM',
    slug: 'summer-at-grans',
    description: 'Come and look',
    password: null,
    expiresAt: null,
    allowUpload: false,
    allowDownload: true,
    showMetadata: true,
    assets: [],
    album: { id: house.album, shared: true, hasSharedLink: true },
  })
  expect(link.key).toMatch(/^[\w-]{67}$/)

  for (const by of [
    `key=${link.key}`,
    `slug=${link.slug}`,
    `key=${Buffer.from(link.key, 'base64url').toString('hex')}`,
  ]) {
    const me = await house.server.call({ path: `/api/shared-links/me?${by}` })
    expect([by, me.status]).toEqual([by, 200])
    expect(me.body).toMatchObject({ id: link.id, album: { albumName: 'Summer', assetCount: 2 } })
    const buckets = await house.server.call({ path: `/api/timeline/buckets?albumId=${house.album}&${by}` })
    expect((buckets.body as { count: number }[]).map(({ count }) => count)).toEqual([2])
    const picture = await house.server.call({ path: `/api/assets/${house.photos.shown}/thumbnail?${by}` })
    expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/webp'])
  }
})

test('a link to single photos shows those, and follows what its owner adds and takes away', async () => {
  await using house = await sharedHouse()
  const { photos, server, gran } = house
  const link = await house.sharePhotos()
  const shown = async () => {
    const me = await house.visit(link, { path: '/api/shared-links/me' })
    return (me.body as { assets: { id: string }[] }).assets.map(({ id }) => id)
  }
  expect(await shown()).toEqual([photos.single])
  const path = `/api/shared-links/${link.id}/assets`
  const change = (method: string, assetIds: string[]) =>
    server.call({ method, path, headers: gran.headers, body: { assetIds } })
  expect((await change('PUT', [photos.shown, photos.single, crypto.randomUUID()])).body).toMatchObject([
    { success: true },
    { success: false, error: 'duplicate' },
    { success: false, error: 'no_permission' },
  ])
  expect((await shown()).sort()).toEqual([photos.single, photos.shown].sort())
  expect((await change('DELETE', [photos.shown, photos.secret])).body).toMatchObject([
    { success: true },
    { success: false, error: 'not_found' },
  ])
  expect(await shown()).toEqual([photos.single])
})

test('what the owner puts into the trash, the archive’s drawer or deletes is no longer behind the link', async () => {
  await using house = await sharedHouse()
  const { photos, server, gran } = house
  const link = await house.shareAlbum()
  const look = async (id: string) => (await house.visit(link, { path: `/api/assets/${id}` })).status
  expect(await look(photos.shown)).toBe(200)
  await server.call({
    method: 'DELETE',
    path: '/api/assets',
    headers: gran.headers,
    body: { ids: [photos.shown] },
  })
  expect(await look(photos.shown)).toBe(400)
  const hide = { visibility: 'hidden' }
  await server.call({
    method: 'PUT',
    path: `/api/assets/${photos.shownToo}`,
    headers: gran.headers,
    body: hide,
  })
  expect(await look(photos.shownToo)).toBe(400)
})

test('the owner changes a link and deletes it; somebody else’s link is unknown to her', async () => {
  await using house = await sharedHouse()
  const { server, gran } = house
  const admin = await house.server.call({
    method: 'POST',
    path: '/api/auth/login',
    body: { email: 'admin@home.example', password: 'lamp over the door' },
  })
  const adminHeaders = { authorization: `Bearer ${(admin.body as { accessToken: string }).accessToken}` }
  const link = await house.shareAlbum({ password: 'dunes' })
  expect(link['password']).toBe('********')
  const path = `/api/shared-links/${link.id}`

  const changed = await server.call({
    method: 'PATCH',
    path,
    headers: gran.headers,
    body: { description: 'Again', allowUpload: true, slug: 'again', password: '********' },
  })
  expect(changed.body).toMatchObject({
    description: 'Again',
    allowUpload: true,
    slug: 'again',
    password: '********',
  })
  expect((await house.visit(link, { path: '/api/shared-links/me' })).body).toEqual({
    message: 'Password required',
  })
  const opened = await server.call({
    method: 'PATCH',
    path,
    headers: gran.headers,
    body: { password: null, slug: '' },
  })
  expect(opened.body).toMatchObject({ password: null, slug: null })
  expect((await house.visit(link, { path: '/api/shared-links/me' })).status).toBe(200)

  for (const [method, sent] of [['GET'], ['PATCH', { description: 'Mine' }], ['DELETE', {}]] as const) {
    const answer = await server.call({ method, path, headers: adminHeaders, body: sent })
    expect([method, answer.status, answer.body]).toEqual([method, 400, { message: 'Shared link not found' }])
  }
  expect((await server.call({ path: '/api/shared-links', headers: adminHeaders })).body).toEqual([])
  const mine = await server.call({ path: `/api/shared-links?albumId=${house.album}`, headers: gran.headers })
  expect(mine.body).toMatchObject([{ id: link.id }])

  expect((await server.call({ method: 'DELETE', path, headers: gran.headers })).status).toBe(204)
  expect((await house.visit(link, { path: '/api/shared-links/me' })).body).toEqual({
    message: 'Invalid share key',
  })
})

test('only what is one’s own is shared, and a slug belongs to one link', async () => {
  await using house = await sharedHouse()
  const { server, gran, photos } = house
  const anna = await server.addPerson({
    email: 'anna@home.example',
    password: 'bicycle in the shed',
    name: 'Anna',
  })
  const make = (person: { headers: Record<string, string> }, sent: object) =>
    server.call({ method: 'POST', path: '/api/shared-links', headers: person.headers, body: sent })
  for (const [sent, message] of [
    [{ type: 'ALBUM', albumId: house.album }, 'Not found or no album.share access'],
    [{ type: 'INDIVIDUAL', assetIds: [photos.single] }, 'Not found or no asset.share access'],
    [{ type: 'INDIVIDUAL' }, 'Invalid assetIds'],
    [{ type: 'ALBUM' }, 'Invalid albumId'],
  ] as const) {
    const answer = await make(anna, sent)
    expect([sent, answer.status, answer.body]).toEqual([sent, 400, { message }])
  }
  await house.shareAlbum({ slug: 'ours' })
  expect((await make(gran, { type: 'ALBUM', albumId: house.album, slug: 'ours' })).body).toEqual({
    message: 'Shared link with this slug already exists',
  })
  for (const slug of ['../admin', 'a b', 'a/b', '<script>'])
    expect([slug, (await make(gran, { type: 'ALBUM', albumId: house.album, slug })).status]).toEqual([
      slug,
      400,
    ])
})

test('with metadata kept back a visitor learns no place, no camera, no file name, and gets no original', async () => {
  await using house = await sharedHouse()
  const link = await house.shareAlbum({ showMetadata: false })
  const { shown } = house.photos
  const open = await house.shareAlbum()
  const whole = await house.visit(open, { path: `/api/assets/${shown}` })
  expect((whole.body as { exifInfo: object }).exifInfo).toMatchObject({ make: 'Kodak', latitude: 52.5 })
  expect(whole.text).not.toContain('gran@home.example')

  expect(link['allowDownload']).toBe(false)
  const asset = await house.visit(link, { path: `/api/assets/${shown}` })
  expect(Object.keys(asset.body as object).sort()).toEqual([
    'duration',
    'hasMetadata',
    'height',
    'id',
    'livePhotoVideoId',
    'localDateTime',
    'originalMimeType',
    'thumbhash',
    'type',
    'width',
  ])
  const month = '2024-05-01'
  const bucket = await house.visit(link, {
    path: `/api/timeline/bucket?albumId=${house.album}&timeBucket=${month}&withCoordinates=true`,
  })
  expect(bucket.status).toBe(200)
  for (const word of ['city', 'country', 'latitude']) expect(bucket.body).not.toHaveProperty(word)
  expect((await house.visit(link, { path: `/api/assets/${shown}/original` })).status).toBe(404)
  const thumbnail = await house.visit(link, { path: `/api/assets/${shown}/thumbnail` })
  expect(thumbnail.headers['content-disposition']).not.toContain('beach')
  const all = await house.visit(link, { path: '/api/shared-links/me' })
  expect(all.text).not.toMatch(/beach|Kodak|gran@home/)
})

test('an upload by link is the owner’s, and is behind the link at once', async () => {
  await using house = await sharedHouse()
  const { server, gran } = house
  for (const link of [
    await house.shareAlbum({ allowUpload: true }),
    await house.sharePhotos({ allowUpload: true }),
  ]) {
    const visitor = { port: server.port, person: { headers: { 'x-immich-share-key': link.key } } }
    const bytes = Buffer.concat([onePixelPng, Buffer.from(link.id)])
    const fields = { isFavorite: 'true', visibility: 'archive' }
    const sent = await upload(visitor, { name: 'from a guest.png', bytes, fields })
    expect(sent).toMatchObject({ status: 201, body: { status: 'created' } })
    const { id } = sent.body
    expect((await house.visit(link, { path: `/api/assets/${id}` })).status).toBe(200)
    const owned = await server.call({ path: `/api/assets/${id}`, headers: gran.headers })
    expect(owned.body).toMatchObject({ ownerId: gran.id, isFavorite: false, visibility: 'timeline' })
    const again = await upload(visitor, { name: 'from a guest.png', bytes })
    expect(again.body).toEqual({ id, status: 'duplicate' })
  }
})
