import { sql, type Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { AssetExifTable, AssetTable, Flag } from '../database/schema.ts'
import type { BucketColumns, TimeBucket, Timeline, TimelineFilter } from './timeline.ts'

/** The port `Timeline`, kept in SQL. */
export const createTimelineStore = ({ db }: { db: Database }): Timeline => ({
  async buckets(filter) {
    const buckets = isKept(filter) ? await keptBuckets(db, filter) : await countedBuckets(db, filter)
    return filter.order === 'asc' ? buckets.toReversed() : buckets
  },
  async bucket(filter, month, { withCoordinates = false, withStacked = false } = {}) {
    const rows = await bucketRows(db, filter, month)
    return {
      ...toColumns(rows),
      ...(withCoordinates && {
        latitude: rows.map((row) => row.latitude),
        longitude: rows.map((row) => row.longitude),
      }),
      ...(withStacked && { stack: rows.map(() => null) }),
    }
  },
})

const flag = (value: boolean | undefined): Flag => (value ? 1 : 0)
const visibilitiesOf = ({ visibility }: TimelineFilter) =>
  visibility ? [visibility] : (['timeline', 'archive'] as const)

const isKept = ({ albumId, orderBy }: TimelineFilter) => albumId === undefined && orderBy !== 'createdAt'

async function keptBuckets(db: Database, filter: TimelineFilter): Promise<TimeBucket[]> {
  let query = db
    .selectFrom('asset_counts')
    .select((eb) => ['month', eb.fn.sum<number | string>('count').as('count')])
    .where('owner_id', '=', filter.ownerId)
    .where('visibility', 'in', visibilitiesOf(filter))
    .where('is_trashed', '=', flag(filter.isTrashed))
    .where('count', '>', 0)
    .groupBy('month')
    .orderBy('month', 'desc')
  if (filter.isFavorite !== undefined) query = query.where('is_favorite', '=', flag(filter.isFavorite))
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  return (await query.execute()).map(({ month, count }) => ({ timeBucket: month, count: Number(count) }))
}

async function countedBuckets(db: Database, filter: TimelineFilter): Promise<TimeBucket[]> {
  const rows = await filtered(db, filter)
    .select((eb) => [monthFor(filter).as('bucket'), eb.fn.countAll<number>().as('count')])
    .groupBy('bucket')
    .orderBy('bucket', 'desc')
    .execute()
  return rows.map(({ bucket, count }) => ({ timeBucket: bucket, count }))
}

const monthFor = ({ orderBy }: TimelineFilter) =>
  orderBy === 'createdAt' ? sql<string>`substr(assets.created_at, 1, 7) || '-01'` : sql<string>`assets.month`

function filtered(db: Database, filter: TimelineFilter) {
  let query = db
    .selectFrom('assets')
    .where('assets.owner_id', '=', filter.ownerId)
    .where('assets.visibility', 'in', visibilitiesOf(filter))
    .where('assets.deleted_at', filter.isTrashed ? 'is not' : 'is', null)
  if (filter.isFavorite !== undefined) query = query.where('assets.is_favorite', '=', flag(filter.isFavorite))
  if (filter.type !== undefined) query = query.where('assets.type', '=', filter.type)
  const { albumId } = filter
  if (albumId === undefined) return query
  return query.where('assets.id', 'in', (eb) =>
    eb.selectFrom('album_assets').select('asset_id').where('album_id', '=', albumId),
  )
}

type BucketRow = Pick<
  Selectable<AssetTable>,
  | 'id'
  | 'owner_id'
  | 'width'
  | 'height'
  | 'is_favorite'
  | 'visibility'
  | 'deleted_at'
  | 'type'
  | 'thumbhash'
  | 'created_at'
  | 'file_created_at'
  | 'local_date_time'
  | 'duration_ms'
> &
  Pick<
    { [K in keyof AssetExifTable]: AssetExifTable[K] | null },
    'projection_type' | 'city' | 'country' | 'latitude' | 'longitude'
  >

/** Within a month: by the local day, then by the instant, as Immich sorts it. */
async function bucketRows(db: Database, filter: TimelineFilter, month: string): Promise<BucketRow[]> {
  const order = filter.order ?? 'desc'
  const query = filtered(db, filter)
    .leftJoin('asset_exif', 'asset_exif.asset_id', 'assets.id')
    .select([
      'id',
      'owner_id',
      'width',
      'height',
      'is_favorite',
      'visibility',
      'deleted_at',
      'type',
      'thumbhash',
    ])
    .select(['created_at', 'file_created_at', 'local_date_time', 'duration_ms'])
    .select(['projection_type', 'city', 'country', 'latitude', 'longitude'])
    .where(monthFor(filter), '=', month)
  const sorted =
    filter.orderBy === 'createdAt'
      ? query.orderBy('created_at', order)
      : query.orderBy(sql`substr(local_date_time, 1, 10)`, order).orderBy('file_created_at', order)
  return sorted.orderBy('id', order).execute()
}

const toColumns = (rows: readonly BucketRow[]): BucketColumns => ({
  duration: rows.map((row) => row.duration_ms),
  id: rows.map((row) => row.id),
  visibility: rows.map((row) => row.visibility),
  isFavorite: rows.map((row) => row.is_favorite === 1),
  isImage: rows.map((row) => row.type === 'IMAGE'),
  isTrashed: rows.map((row) => row.deleted_at !== null),
  livePhotoVideoId: rows.map(() => null),
  fileCreatedAt: rows.map((row) => row.file_created_at.slice(0, -1)),
  localOffsetHours: rows.map(offsetHours),
  createdAt: rows.map((row) => row.created_at.slice(0, -1)),
  ownerId: rows.map((row) => row.owner_id),
  projectionType: rows.map((row) => row.projection_type),
  ratio: rows.map(ratio),
  status: rows.map((row) => (row.deleted_at === null ? 'active' : 'trashed')),
  thumbhash: rows.map((row) => row.thumbhash),
  city: rows.map((row) => row.city),
  country: rows.map((row) => row.country),
})

const offsetHours = (row: BucketRow): number =>
  (Date.parse(row.local_date_time) - Date.parse(row.file_created_at)) / 3_600_000

const ratio = ({ width, height }: BucketRow): number =>
  width && height ? Math.round((width / height) * 1_000) / 1_000 : 1
