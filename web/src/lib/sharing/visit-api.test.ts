import { expect, test, vi } from 'vitest'
import { createVisitApi } from './visit-api.ts'

const answering = (status: number, body: unknown) =>
  vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }))

test('every question names the link, and nobody who may be signed in beside it', async () => {
  const fetch = answering(200, { id: 'l' })
  await createVisitApi({ key: 'k' }, { fetch }).link()
  const [url, init] = fetch.mock.calls[0] ?? []
  expect(url).toBe('/api/shared-links/me')
  expect(init?.headers).toEqual({
    Accept: 'application/json',
    'X-Requested-With': 'XMLHttpRequest',
    'x-immich-share-key': 'k',
  })
})

test('pictures are asked for by the name that opened the link', () => {
  const visit = createVisitApi({ slug: 'summer' }, { fetch: answering(200, {}) })
  expect(visit.thumbnailUrl('a', 'preview')).toBe('/api/assets/a/thumbnail?size=preview&slug=summer')
  expect(visit.originalUrl('a')).toBe('/api/assets/a/original?slug=summer')
})

test('the server’s own no is told in its words; a page of something in between is not', async () => {
  const locked = createVisitApi({ key: 'k' }, { fetch: answering(401, { message: 'Password required' }) })
  await expect(locked.link()).rejects.toMatchObject({ status: 401, message: 'Password required' })
  const portal = createVisitApi({ key: 'k' }, { fetch: async () => new Response('<html>', { status: 200 }) })
  await expect(portal.link()).rejects.toMatchObject({ kind: 'challenged' })
})

test('an album is shown month by month, a link to photos as it came', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(async (url) =>
    Response.json(
      (url as string).includes('buckets')
        ? [{ timeBucket: '2024-05-01', count: 1 }]
        : {
            id: ['p'],
            ratio: [1.5],
            isImage: [true],
            isFavorite: [false],
            thumbhash: [null],
            fileCreatedAt: ['2024-05-05T10:00:00.000'],
            localOffsetHours: [0],
            duration: [null],
          },
    ),
  )
  const visit = createVisitApi({ key: 'k' }, { fetch })
  const link = { album: { id: 'al' }, assets: [] } as never
  expect(await visit.photos(link)).toMatchObject([{ id: 'p', ratio: 1.5 }])
  expect(fetch.mock.calls.map(([url]) => url)).toEqual([
    '/api/timeline/buckets?albumId=al',
    '/api/timeline/bucket?albumId=al&timeBucket=2024-05-01',
  ])
})
