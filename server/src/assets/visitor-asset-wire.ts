import { z } from 'zod'
import type { Visit } from '../users/visit.ts'
import { assetResponse, toAssetResponse } from './asset-wire.ts'
import type { Asset, Exif } from './assets.ts'

/** What Immich tells of an asset where a link keeps its metadata back: enough to draw it. */
const bareAssetResponse = assetResponse
  .pick({
    id: true,
    type: true,
    originalMimeType: true,
    thumbhash: true,
    localDateTime: true,
    duration: true,
    livePhotoVideoId: true,
    width: true,
    height: true,
  })
  .extend({ hasMetadata: z.literal(false) })
  .meta({ id: 'SanitizedAssetResponseDto' })

/** An asset as its owner or the visitor of a shared link sees it. */
export const seenAssetResponse = z.union([assetResponse, bareAssetResponse])

/** Nothing of what the owner thinks of it, and nothing of the file where the link keeps that back. */
export function toVisitorAsset(
  asset: Asset,
  { showsMetadata }: Pick<Visit, 'showsMetadata'>,
  exif?: Exif,
): z.infer<typeof seenAssetResponse> {
  const whole = toAssetResponse(asset, exif ? { exif } : {})
  if (showsMetadata) return { ...whole, originalPath: '', isFavorite: false }
  const { id, type, originalMimeType, thumbhash, localDateTime, duration, livePhotoVideoId, width, height } =
    whole
  const bare = { id, type, originalMimeType, thumbhash, localDateTime, duration, livePhotoVideoId }
  return { ...bare, width, height, hasMetadata: false }
}
