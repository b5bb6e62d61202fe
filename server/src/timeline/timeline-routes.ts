import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { visibilities } from '../assets/assets.ts'
import { textBoolean } from '../assets/wire-fields.ts'
import { alsoByLink } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, noAccess } from '../platform/problem.ts'
import { userOf } from '../users/caller.ts'
import { mustOpenLocked } from '../users/locked-folder.ts'
import { visitOf, type Visit } from '../users/visit.ts'
import type { BucketColumns, Timeline, TimelineFilter } from './timeline.ts'

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
const config = { access: alsoByLink('asset.read') }

/** A member's pictures by month. */
export function timelineRoutes(app: HttpServer, { timeline, maySeeAlbum }: Ports): void {
  app.get(
    '/api/timeline/buckets',
    { config, schema: { tags, querystring: query, response: { 200: bucketsResponse } } },
    async (request) => {
      const filter = await filterFor(request, request.query)
      return filter ? timeline.buckets(filter) : []
    },
  )

  app.get(
    '/api/timeline/bucket',
    { config, schema: { tags, querystring: bucketQuery } },
    async (request, reply) => {
      const { timeBucket, withCoordinates = false, withStacked = false } = request.query
      const filter = (await filterFor(request, request.query)) ?? nothing
      const month = `${timeBucket.slice(0, 7)}-01`
      const visit = visitOf(request)
      const found = await timeline.bucket(filter, month, {
        withCoordinates: withCoordinates && visit?.showsMetadata !== false,
        withStacked,
      })
      const columns = visit ? forVisitors(found, visit) : found
      // Thousands of values: built once here instead of checked and copied on the way out.
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(columns))
    },
  )

  /** Undefined for what this library never has: people, tags. */
  async function filterFor(request: FastifyRequest, asked: Query): Promise<TimelineFilter | undefined> {
    const visit = visitOf(request)
    if (visit) return filterForVisit(visit, asked)
    const ownerId = userOf(request).id
    refuseImpossible(ownerId, asked)
    if (asked.visibility === 'locked') await mustOpenLocked(request)
    if (asked.personId ?? asked.tagId) return undefined
    if (asked.albumId !== undefined && !(await maySeeAlbum(ownerId, asked.albumId)))
      throw noAccess('album.read')
    const { visibility, isFavorite, isTrashed, albumId, order, orderBy } = asked
    return { ownerId, visibility, isFavorite, isTrashed, albumId, order, orderBy }
  }
}

/** Nobody's. */
const nothing: TimelineFilter = { ownerId: '' }

/** The link's album, as it is: what its owner likes or has put away is not asked for by others. */
function filterForVisit({ albumId, owner }: Visit, asked: Query): TimelineFilter {
  const { visibility, order, orderBy } = asked
  const narrows = [asked.personId, asked.tagId, asked.userId, asked.bbox, asked.isFavorite].some(
    (one) => one !== undefined,
  )
  if (albumId === null || asked.albumId !== albumId || narrows || asked.isTrashed || asked.withPartners)
    throw noAccess('album.read')
  if (visibility !== undefined && visibility !== 'timeline') throw noAccess('album.read')
  return { ownerId: owner.id, albumId, visibility, order, orderBy }
}

function forVisitors(columns: BucketColumns, { showsMetadata }: Visit): Partial<BucketColumns> {
  const { city: _, country: __, ...bare } = columns
  return { ...(showsMetadata ? columns : bare), isFavorite: columns.id.map(() => false) }
}

function refuseImpossible(ownerId: string, asked: Query): void {
  const { userId, visibility, withPartners, isFavorite, isTrashed, bbox } = asked
  if (userId !== undefined && userId !== ownerId) throw noAccess('timeline.read')
  if (bbox !== undefined) throw badRequest('Filtering by map area is not available')
  const mine = visibility === undefined || visibility === 'archive' || isFavorite !== undefined || isTrashed
  if (withPartners && mine) {
    throw badRequest('withPartners is only supported for non-archived, non-trashed, non-favorited assets')
  }
}
