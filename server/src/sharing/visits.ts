import type { Visit } from '../users/visit.ts'
import { linkCookie, passwordWasGiven } from './link-password.ts'
import type { OpenLink, ShareAddress, SharedLinks } from './sharing.ts'

/** What an address leads to: a visit, a link whose password has not been given, or nothing at all. */
export type VisitFound = { visit: Visit } | 'locked' | undefined

export type VisitAt = (
  address: ShareAddress,
  cookies: Record<string, string | undefined>,
) => Promise<VisitFound>

/** Lets people in by shared link. Looks at nothing but the link's address and its password's cookie. */
export const createVisits =
  (links: SharedLinks): VisitAt =>
  async (address, cookies) => {
    const open = await links.at(address)
    if (!open) return undefined
    return passwordWasGiven(open, cookies[linkCookie]) ? { visit: visitOn(links, open) } : 'locked'
  }

export const visitOn = (links: SharedLinks, { link, owner }: OpenLink): Visit => ({
  linkId: link.id,
  owner,
  albumId: link.albumId,
  mayUpload: link.allowUpload,
  mayDownload: link.allowDownload,
  showsMetadata: link.showMetadata,
  holds: async (assetIds) => new Set(await links.shownBy(link, assetIds)),
  take: (assetId) => links.take(link, assetId),
})
