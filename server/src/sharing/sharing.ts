import type { User } from '../users/users.ts'

export { shareAddressIn, type ShareAddress } from './share-address.ts'
export type { VisitAt } from './visits.ts'

/** A link by which people without an account see an album, or a few assets, of one member. */
export type SharedLink = {
  id: string
  userId: string
  /** Random; who knows it, gets in. */
  key: string
  /** A short address of the owner's choice that does the same. */
  slug: string | null
  type: 'ALBUM' | 'INDIVIDUAL'
  albumId: string | null
  description: string | null
  hasPassword: boolean
  /** ISO 8601, UTC; null = never. */
  expiresAt: string | null
  allowUpload: boolean
  allowDownload: boolean
  showMetadata: boolean
  createdAt: string
}

export type NewSharedLink = Pick<
  SharedLink,
  'userId' | 'type' | 'albumId' | 'slug' | 'description' | 'expiresAt'
> &
  Pick<SharedLink, 'allowUpload' | 'allowDownload' | 'showMetadata'> & {
    passwordHash: string | null
    assetIds: readonly string[]
  }

/** Absent = as it is. */
export type SharedLinkChanges = {
  slug?: string | null | undefined
  description?: string | null | undefined
  passwordHash?: string | null | undefined
  expiresAt?: string | null | undefined
  allowUpload?: boolean | undefined
  allowDownload?: boolean | undefined
  showMetadata?: boolean | undefined
}

/** A link that is in force, with what its visitors must know. */
export type OpenLink = { link: SharedLink; owner: User; passwordHash: string | null }

/** Links that the user does not own count as unknown. */
export type SharedLinks = {
  /** Newest first. */
  list(
    userId: string,
    filter?: { albumId?: string | undefined; id?: string | undefined },
  ): Promise<SharedLink[]>
  byId(owner: { userId: string; id: string }): Promise<SharedLink | undefined>
  /** @throws {Problem} 400 when the slug is taken */
  add(link: NewSharedLink): Promise<SharedLink>
  /** @throws {Problem} 400 when the slug is taken */
  change(owner: { userId: string; id: string }, changes: SharedLinkChanges): Promise<SharedLink | undefined>
  /** False when there was no such link. */
  remove(owner: { userId: string; id: string }): Promise<boolean>
  /** To a link of type INDIVIDUAL. Answers those that were not in it before. */
  addAssets(id: string, assetIds: readonly string[]): Promise<Set<string>>
  /** Answers those that were in it. */
  removeAssets(id: string, assetIds: readonly string[]): Promise<Set<string>>
  /** The link at an address, if it is neither over nor its owner deleted. */
  at(address: { key: string } | { slug: string }): Promise<OpenLink | undefined>
  /**
   * What a link shows, oldest first: its owner's own assets, neither in the trash nor hidden nor in the locked folder.
   * Of `among`, where that is given.
   */
  shownBy(link: SharedLink, among?: readonly string[]): Promise<string[]>
  /** Makes an asset part of what the link shows. */
  take(link: SharedLink, assetId: string): Promise<void>
}
