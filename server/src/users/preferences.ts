import { z } from 'zod'
import { plainText } from '../platform/plain-text.ts'

const switchable = z.object({ enabled: z.boolean(), sidebarWeb: z.boolean() })

/** What a member may set about the clients, with Immich's names. Unknown keys are dropped. */
export const preferences = z
  .object({
    albums: z.object({ defaultAssetOrder: z.enum(['asc', 'desc']) }),
    folders: switchable,
    memories: z.object({ enabled: z.boolean(), duration: z.int().min(1), sidebarWeb: z.boolean() }),
    people: switchable.extend({ minimumFaces: z.int().min(1) }),
    sharedLinks: switchable,
    ratings: z.object({ enabled: z.boolean() }),
    tags: switchable,
    emailNotifications: z.object({
      enabled: z.boolean(),
      albumInvite: z.boolean(),
      albumUpdate: z.boolean(),
    }),
    download: z.object({ archiveSize: z.int().min(1), includeEmbeddedVideos: z.boolean() }),
    purchase: z.object({ showSupportBadge: z.boolean(), hideBuyButtonUntil: plainText(64) }),
    cast: z.object({ gCastEnabled: z.boolean() }),
    recentlyAdded: z.object({ sidebarWeb: z.boolean() }),
  })
  .meta({ id: 'UserPreferencesResponseDto' })

export type Preferences = z.infer<typeof preferences>

export const defaultPreferences: Preferences = {
  albums: { defaultAssetOrder: 'desc' },
  folders: { enabled: false, sidebarWeb: false },
  memories: { enabled: true, duration: 5, sidebarWeb: false },
  people: { enabled: true, sidebarWeb: false, minimumFaces: 3 },
  sharedLinks: { enabled: true, sidebarWeb: false },
  ratings: { enabled: false },
  tags: { enabled: false, sidebarWeb: false },
  emailNotifications: { enabled: true, albumInvite: true, albumUpdate: true },
  download: { archiveSize: 4 * 1024 ** 3, includeEmbeddedVideos: false },
  purchase: { showSupportBadge: true, hideBuyButtonUntil: '2022-02-12T00:00:00.000Z' },
  cast: { gCastEnabled: false },
  recentlyAdded: { sidebarWeb: false },
}

/** A change names only what changes: each section and each of its keys may be missing. */
export const preferencesUpdate = z
  .object({
    albums: preferences.shape.albums.partial(),
    folders: preferences.shape.folders.partial(),
    memories: preferences.shape.memories.partial(),
    people: preferences.shape.people.partial(),
    sharedLinks: preferences.shape.sharedLinks.partial(),
    ratings: preferences.shape.ratings.partial(),
    tags: preferences.shape.tags.partial(),
    emailNotifications: preferences.shape.emailNotifications.partial(),
    download: preferences.shape.download.partial(),
    purchase: preferences.shape.purchase.partial(),
    cast: preferences.shape.cast.partial(),
    recentlyAdded: preferences.shape.recentlyAdded.partial(),
  })
  .partial()
  .meta({ id: 'UserPreferencesUpdateDto' })
