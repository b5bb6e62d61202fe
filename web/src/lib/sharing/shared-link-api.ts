import type { ApiClient } from '../api/api-client.ts'
import { linkBody } from './link-options.ts'
import type { LinkOptions } from './link-options.ts'
import type { SharedLinkResponseDto } from './shared-link-types.ts'

/** What a link shows. */
export type LinkSubject = { albumId: string } | { assetIds: readonly string[] }

export type AlbumChoice = { id: string; albumName: string; assetCount: number }

export type SharedLinkApi = {
  /** The signed-in person's own links, newest first. */
  list: () => Promise<SharedLinkResponseDto[]>
  albums: () => Promise<AlbumChoice[]>
  add: (subject: LinkSubject, options: LinkOptions) => Promise<SharedLinkResponseDto>
  change: (id: string, options: LinkOptions) => Promise<SharedLinkResponseDto>
  remove: (id: string) => Promise<void>
}

export const createSharedLinkApi = (api: ApiClient): SharedLinkApi => ({
  list: () => api.get('/shared-links'),
  albums: () => api.get('/albums'),
  add: (subject, options) =>
    api.post('/shared-links', {
      ...linkBody(options),
      ...subject,
      type: 'albumId' in subject ? 'ALBUM' : 'INDIVIDUAL',
    }),
  change: (id, options) => api.patch(`/shared-links/${id}`, linkBody(options)),
  remove: (id) => api.delete(`/shared-links/${id}`),
})
