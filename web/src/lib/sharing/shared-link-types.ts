import type { AssetResponseDto } from '../api/api-types.ts'

export type SharedLinkResponseDto = {
  id: string
  description: string | null
  /** Never the password: a placeholder where there is one. */
  password: string | null
  key: string
  slug: string | null
  type: 'ALBUM' | 'INDIVIDUAL'
  createdAt: string
  expiresAt: string | null
  /** Of single photos; what is in an album comes by its timeline. */
  assets: AssetResponseDto[]
  album?: {
    id: string
    albumName: string
    description: string
    assetCount: number
    albumThumbnailAssetId: string | null
  }
  allowUpload: boolean
  allowDownload: boolean
  showMetadata: boolean
}
