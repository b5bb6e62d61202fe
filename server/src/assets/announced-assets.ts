import { toAssetResponse } from './asset-wire.ts'
import type { Assets } from './assets.ts'

/** What an owner's other screens may want to know, in the words and with the payloads of Immich's clients. */
export type AssetEvent =
  | 'on_upload_success'
  | 'on_asset_update'
  | 'on_asset_hidden'
  | 'on_asset_trash'
  | 'on_asset_restore'
  | 'on_asset_delete'

type Announce = (ownerId: string, event: AssetEvent, payload: unknown) => void

/** More assets than this are not told one by one: a screen that was away so long reads its timeline anew anyway. */
const mostTold = 200

/** The same assets, with their changes told to whoever listens once they are saved. */
export function announceAssets(assets: Assets): { assets: Assets; onChange(announce: Announce): void } {
  const listeners: Announce[] = []
  const announce: Announce = (...news) => listeners.forEach((listener) => listener(...news))

  async function announceEach(event: AssetEvent, ownerId: string, ids: readonly string[]): Promise<void> {
    if (listeners.length === 0 || ids.length > mostTold) return
    for (const id of ids) {
      const found = await assets.withExif({ ownerId, id })
      if (found) announce(ownerId, event, toAssetResponse(found.asset, { exif: found.exif }))
    }
  }

  return {
    onChange: (listener) => void listeners.push(listener),
    assets: {
      ...assets,
      async change(owner, changes) {
        await assets.change(owner, changes)
        // Other screens may be of sessions that the locked folder is not open to.
        if (changes.visibility === 'locked' && owner.ids.length <= mostTold)
          for (const id of owner.ids) announce(owner.ownerId, 'on_asset_hidden', id)
        else await announceEach('on_asset_update', owner.ownerId, owner.ids)
      },
      async setTrashed(owner, deletedAt) {
        const moved = await assets.setTrashed(owner, deletedAt)
        const event = deletedAt === null ? 'on_asset_restore' : 'on_asset_trash'
        if (moved > 0) announce(owner.ownerId, event, owner.ids)
        return moved
      },
      async remove(owner) {
        const removed = await assets.remove(owner)
        if (removed > 0 && owner.ids.length <= mostTold)
          for (const id of owner.ids) announce(owner.ownerId, 'on_asset_delete', id)
        return removed
      },
      async saveDerived(id, derived, settle) {
        const saved = await assets.saveDerived(id, derived, settle)
        const asset = saved ? await assets.find(id) : undefined
        if (asset) await announceEach('on_upload_success', asset.ownerId, [id])
        return saved
      },
    },
  }
}
