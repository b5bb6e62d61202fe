import type { Album, Albums } from '../albums/albums.ts'
import type { Asset, Assets } from '../assets/assets.ts'
import type { User } from '../users/users.ts'
import type { SharedLink, SharedLinks } from './sharing.ts'

type Ports = {
  links: Pick<SharedLinks, 'shownBy'>
  albums: Pick<Albums, 'byId'>
  assets: Pick<Assets, 'byIds'>
}

/** What stands in an answer about a link: its album, or its assets, oldest first. */
export const createShownByLink =
  ({ links, albums, assets }: Ports) =>
  async (
    link: SharedLink,
    owner: User,
  ): Promise<{ assets: Asset[]; album: Album | undefined; owner: User }> => {
    // An album's pictures come by the timeline.
    if (link.albumId !== null)
      return { owner, assets: [], album: await albums.byId({ ownerId: owner.id, id: link.albumId }) }
    const ids = await links.shownBy(link)
    const found = new Map((await assets.byIds(owner.id, ids)).map((asset) => [asset.id, asset]))
    return { owner, album: undefined, assets: ids.flatMap((id) => found.get(id) ?? []) }
  }
