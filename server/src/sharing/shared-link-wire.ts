import { z } from 'zod'
import { albumResponse, toAlbumResponse } from '../albums/album-wire.ts'
import type { Album } from '../albums/albums.ts'
import { toAssetResponse } from '../assets/asset-wire.ts'
import type { Asset } from '../assets/assets.ts'
import { seenAssetResponse, toVisitorAsset } from '../assets/visitor-asset-wire.ts'
import { idField, idList, isoInstant } from '../assets/wire-fields.ts'
import { plainText } from '../platform/plain-text.ts'
import type { User } from '../users/users.ts'
import type { SharedLink } from './sharing.ts'

export const linkParams = z.object({ id: idField })
export const linksQuery = z.object({ albumId: idField.optional(), id: idField.optional() })

/** Both may also come as headers, so that neither is required. Longer ones are nobody's. */
export const shareQuery = z.object({ key: z.string().optional(), slug: z.string().optional() })

export const sharedLinkResponse = z
  .object({
    id: z.string(),
    description: z.string().nullable(),
    /** Never the password: `********` where there is one. */
    password: z.string().nullable(),
    userId: z.string(),
    key: z.string(),
    type: z.enum(['ALBUM', 'INDIVIDUAL']),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    assets: z.array(seenAssetResponse),
    album: albumResponse.optional(),
    allowUpload: z.boolean(),
    allowDownload: z.boolean(),
    showMetadata: z.boolean(),
    slug: z.string().nullable(),
  })
  .meta({ id: 'SharedLinkResponseDto' })

/**
 * Stands for a password that only its hash is kept of. Immich's clients send back what they read: it means “as it is”.
 */
export const keptPassword = '********'

const password = plainText(1024).nullable()
/** It becomes part of an address; an empty one is none, as for Immich's clients. */
const slug = z
  .string()
  .max(100)
  .regex(/^[\w-]*$/, 'Only letters, digits, - and _')
  .nullable()
const changes = z.object({
  description: plainText(10_000).nullable().optional(),
  password: password.optional(),
  slug: slug.optional(),
  expiresAt: isoInstant.nullable().optional(),
  allowUpload: z.boolean().optional(),
  allowDownload: z.boolean().optional(),
  showMetadata: z.boolean().optional(),
})

export const createLinkBody = changes
  .extend({
    type: z.enum(['ALBUM', 'INDIVIDUAL']),
    albumId: idField.optional(),
    assetIds: idList.optional(),
  })
  .meta({ id: 'SharedLinkCreateDto' })

export const editLinkBody = changes.meta({ id: 'SharedLinkEditDto' })

export const linkLoginBody = z
  .object({ password: z.string().min(1).max(1024) })
  .meta({ id: 'SharedLinkLoginDto' })

export const linkAssetsBody = z.object({ assetIds: idList.min(1) }).meta({ id: 'AssetIdsDto' })

export const linkAssetsResponse = z.array(
  z
    .object({
      assetId: z.string(),
      success: z.boolean(),
      error: z.enum(['duplicate', 'no_permission', 'not_found']).optional(),
    })
    .meta({ id: 'AssetIdsResponseDto' }),
)

type Shown = { assets: readonly Asset[]; album: Album | undefined; owner: User }
type LinkAnswer = z.infer<typeof sharedLinkResponse>

/** For the link's owner. */
export const toLinkResponse = (link: SharedLink, { assets, album, owner }: Shown): LinkAnswer => ({
  ...fieldsOf(link),
  password: link.hasPassword ? keptPassword : null,
  assets: assets.map((asset) => toAssetResponse(asset)),
  ...(album && { album: toAlbumResponse(album, owner) }),
})

/** For whoever came by it. */
export const toVisitorLink = (link: SharedLink, { assets, album, owner }: Shown): LinkAnswer => ({
  ...fieldsOf(link),
  password: null,
  assets: assets.map((asset) => toVisitorAsset(asset, { showsMetadata: link.showMetadata })),
  ...(album && { album: toAlbumResponse(album, withoutAddress(owner)) }),
})

/** The household's addresses are nobody else's business. */
export const withoutAddress = (owner: User): User => ({ ...owner, email: '', pictureKey: null })

const fieldsOf = (link: SharedLink) => ({
  id: link.id,
  description: link.description,
  userId: link.userId,
  key: link.key,
  type: link.type,
  createdAt: link.createdAt,
  expiresAt: link.expiresAt,
  allowUpload: link.allowUpload,
  allowDownload: link.allowDownload,
  showMetadata: link.showMetadata,
  slug: link.slug,
})
