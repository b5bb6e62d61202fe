/** A list of assets with a name. Its owner sees it, and whoever has a shared link to it. */
export type Album = {
  id: string
  ownerId: string
  name: string
  description: string
  /** The chosen cover, else the newest asset. */
  thumbnailAssetId: string | null
  order: 'asc' | 'desc'
  isActivityEnabled: boolean
  createdAt: string
  updatedAt: string
  assetCount: number
  /** Also one that is over. */
  hasSharedLink: boolean
  /** Wall clocks of the first and the last capture, and the latest change of an asset; null when it is empty. */
  startDate: string | null
  endDate: string | null
  lastModifiedAsset: string | null
}

export type NewAlbum = { ownerId: string; name: string; description: string }

export type AlbumChanges = {
  name?: string | undefined
  description?: string | undefined
  thumbnailAssetId?: string | undefined
  order?: 'asc' | 'desc' | undefined
  isActivityEnabled?: boolean | undefined
}

export type AlbumFilter = { assetId?: string | undefined; name?: string | undefined; id?: string | undefined }

/** Albums that the owner does not own count as unknown. Assets in the trash are not counted. */
export type Albums = {
  list(ownerId: string, filter?: AlbumFilter): Promise<Album[]>
  byId(owner: { ownerId: string; id: string }): Promise<Album | undefined>
  add(album: NewAlbum): Promise<string>
  change(id: string, changes: AlbumChanges): Promise<void>
  remove(id: string): Promise<void>
  /** Answers those that were not in it before. */
  addAssets(id: string, assetIds: readonly string[]): Promise<Set<string>>
  /** Answers those that were in it. */
  removeAssets(id: string, assetIds: readonly string[]): Promise<Set<string>>
}
