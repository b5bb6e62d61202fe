import { z } from 'zod'
import { textBoolean } from '../assets/wire-fields.ts'
import { plainText } from '../platform/plain-text.ts'
import { toUserResponse, userResponse } from '../users/user-wire.ts'
import type { User } from '../users/users.ts'
import type { Album } from './albums.ts'

const id = z.uuidv4()
export const albumParams = z.object({ id })

export const albumResponse = z
  .object({
    id: z.string(),
    albumName: z.string(),
    description: z.string(),
    albumThumbnailAssetId: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
    albumUsers: z.array(z.object({ user: userResponse, role: z.enum(['owner', 'editor', 'viewer']) })),
    shared: z.boolean(),
    hasSharedLink: z.boolean(),
    assetCount: z.number(),
    isActivityEnabled: z.boolean(),
    order: z.enum(['asc', 'desc']),
    startDate: z.string().optional(),
    endDate: z.string().optional(),
    lastModifiedAssetTimestamp: z.string().optional(),
    contributorCounts: z.array(z.object({ userId: z.string(), assetCount: z.number() })).optional(),
  })
  .meta({ id: 'AlbumResponseDto' })

export const toAlbumResponse = (album: Album, owner: User): z.infer<typeof albumResponse> => ({
  id: album.id,
  albumName: album.name,
  description: album.description,
  albumThumbnailAssetId: album.thumbnailAssetId,
  createdAt: album.createdAt,
  updatedAt: album.updatedAt,
  albumUsers: [{ user: toUserResponse(owner), role: 'owner' }],
  shared: album.hasSharedLink,
  hasSharedLink: album.hasSharedLink,
  assetCount: album.assetCount,
  isActivityEnabled: album.isActivityEnabled,
  order: album.order,
  ...(album.startDate !== null && { startDate: album.startDate }),
  ...(album.endDate !== null && { endDate: album.endDate }),
  ...(album.lastModifiedAsset !== null && { lastModifiedAssetTimestamp: album.lastModifiedAsset }),
})

export const albumQuery = z.object({
  assetId: id.optional(),
  id: id.optional(),
  isOwned: textBoolean.optional(),
  isShared: textBoolean.optional(),
  shared: textBoolean.optional(),
  name: plainText(1_000).optional(),
})

const albumName = plainText(1_000)
const description = plainText(100_000)

export const createAlbumBody = z
  .object({ albumName, description: description.optional(), assetIds: z.array(id).max(100_000).optional() })
  .meta({ id: 'CreateAlbumDto' })

export const updateAlbumBody = z
  .object({
    albumName,
    description,
    albumThumbnailAssetId: id,
    isActivityEnabled: z.boolean(),
    order: z.enum(['asc', 'desc']),
  })
  .partial()
  .meta({ id: 'UpdateAlbumDto' })

export const albumAssetsResponse = z.array(
  z
    .object({
      id: z.string(),
      success: z.boolean(),
      error: z.enum(['duplicate', 'no_permission', 'not_found']).optional(),
    })
    .meta({ id: 'BulkIdResponseDto' }),
)
