import { z } from 'zod'
import { visibilities } from '../assets/assets.ts'
import { textBoolean } from '../assets/wire-fields.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess, unauthenticated } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import type { Timeline, TimelineFilter } from './timeline.ts'

type Ports = {
  timeline: Timeline
  /** Whether this member may see that album. */
  maySeeAlbum: (userId: string, albumId: string) => Promise<boolean>
}

const id = z.uuidv4()
const query = z.object({
  userId: id.optional(),
  albumId: id.optional(),
  personId: id.optional(),
  tagId: id.optional(),
  isFavorite: textBoolean.optional(),
  isTrashed: textBoolean.optional(),
  withStacked: textBoolean.optional(),
  withPartners: textBoolean.optional(),
  withCoordinates: textBoolean.optional(),
  order: z.enum(['asc', 'desc']).optional(),
  orderBy: z.enum(['takenAt', 'createdAt']).optional(),
  visibility: z.enum(visibilities).optional(),
  bbox: z.string().optional(),
})
type Query = z.infer<typeof query>

const bucketQuery = query.extend({
  timeBucket: z.string().regex(/^\d{4}-\d{2}-\d{2}/, 'Invalid input: expected a date, YYYY-MM-DD'),
})

const bucketsResponse = z.array(
  z.object({ timeBucket: z.string(), count: z.number() }).meta({ id: 'TimeBucketsResponseDto' }),
)

const tags = ['timeline']
const config = { access: signedIn('asset.read') }

/** A member's pictures by month. */
export function timelineRoutes(app: HttpServer, { timeline, maySeeAlbum }: Ports): void {
  app.get(
    '/api/timeline/buckets',
    { config, schema: { tags, querystring: query, response: { 200: bucketsResponse } } },
    async (request) => {
      const filter = await filterFor(userOf(request).id, request.query)
      return filter ? timeline.buckets(filter) : []
    },
  )

  app.get(
    '/api/timeline/bucket',
    { config, schema: { tags, querystring: bucketQuery } },
    async (request, reply) => {
      const ownerId = userOf(request).id
      const { timeBucket, withCoordinates = false, withStacked = false } = request.query
      const filter = (await filterFor(ownerId, request.query)) ?? { ownerId, albumId: ownerId }
      const month = `${timeBucket.slice(0, 7)}-01`
      const columns = await timeline.bucket(filter, month, { withCoordinates, withStacked })
      // Thousands of values: built once here instead of checked and copied on the way out.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(columns))
    },
  )

  /** Undefined for what this library never has: people, tags. */
  async function filterFor(ownerId: string, asked: Query): Promise<TimelineFilter | undefined> {
    refuseImpossible(ownerId, asked)
    if (asked.personId ?? asked.tagId) return undefined
    if (asked.albumId !== undefined && !(await maySeeAlbum(ownerId, asked.albumId)))
      throw noAccess('album.read')
    const { visibility, isFavorite, isTrashed, albumId, order, orderBy } = asked
    return { ownerId, visibility, isFavorite, isTrashed, albumId, order, orderBy }
  }
}

function refuseImpossible(ownerId: string, asked: Query): void {
  const { userId, visibility, withPartners, isFavorite, isTrashed, bbox } = asked
  if (userId !== undefined && userId !== ownerId) throw noAccess('timeline.read')
  if (visibility === 'locked') throw unauthenticated('Elevated permission is required')
  if (bbox !== undefined) throw badRequest('Filtering by map area is not available')
  const mine = visibility === undefined || visibility === 'archive' || isFavorite !== undefined || isTrashed
  if (withPartners && mine) {
    throw badRequest('withPartners is only supported for non-archived, non-trashed, non-favorited assets')
  }
}
