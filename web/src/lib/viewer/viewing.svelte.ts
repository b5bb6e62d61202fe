import { api } from '../api/api.ts'
import { messageOf } from '../api/api-problem.ts'
import { lockedApi } from '../locked/locked.ts'
import type { AssetResponseDto } from '../api/api-types.ts'
import { thumbnailUrl } from '../timeline/grid-size.ts'
import { bucketOf, timelineAssetOf } from '../timeline/timeline-asset.ts'
import { timeline } from '../timeline/timeline.svelte.ts'
import { toasts } from '../ui/toasts.svelte.ts'
import { createAssetApi } from './asset-api.ts'

const assetApi = createAssetApi(api)

/** One picture in the viewer and its place in the timeline. `id` may change under it, as one leafs on. */
export function createViewing(id: () => string) {
  let asset = $state.raw<AssetResponseDto>()
  let problem = $state<string>()

  const current = $derived(asset?.id === id() ? asset : undefined)
  const shown = $derived(timeline.find(id()) ?? (current && timelineAssetOf(current)))
  const neighbours = $derived(timeline.neighbours(id()))

  $effect(() => {
    const wanted = id()
    problem = undefined
    assetApi.asset(wanted).then(
      (came) => {
        if (id() === wanted) asset = came
      },
      (thrown: unknown) => {
        if (id() === wanted) problem = messageOf(thrown)
      },
    )
  })

  $effect(() => {
    if (current && !neighbours && timeline.status === 'ready') void ensure(bucketOf(current))
    for (const bucket of neighbours?.missing ?? []) void ensure(bucket)
  })

  $effect(() => {
    for (const next of [neighbours?.older, neighbours?.newer]) {
      if (next?.isImage) new Image().src = thumbnailUrl(next.id, 'preview')
    }
  })

  return {
    get asset() {
      return current
    },
    get shown() {
      return shown
    },
    get problem() {
      return problem
    },
    get newer() {
      return neighbours?.newer?.id
    },
    get older() {
      return neighbours?.older?.id
    },
    async favorite(): Promise<void> {
      const seen = shown
      if (!seen) return
      await attempt(
        async () => {
          timeline.patch(seen.id, { isFavorite: !seen.isFavorite })
          const changed = await assetApi.setFavorite(seen.id, !seen.isFavorite)
          if (asset?.id === changed.id) asset = { ...asset, isFavorite: changed.isFavorite }
        },
        () => timeline.patch(seen.id, { isFavorite: seen.isFavorite }),
      )
    },
    /** True once it is in the locked folder. */
    async lock(): Promise<boolean> {
      const locked = id()
      return attempt(async () => {
        await lockedApi.moveIn(locked)
        toasts.say('Moved to the locked folder.')
      })
    },
    /** True once the server has moved it. */
    async trash(): Promise<boolean> {
      const trashed = id()
      return attempt(async () => {
        await assetApi.toTrash(trashed)
        toasts.say('Moved to the trash.', { label: 'Undo', run: () => void untrash(trashed) })
      })
    },
  }
}

async function untrash(id: string): Promise<void> {
  await attempt(async () => {
    await assetApi.fromTrash(id)
    await timeline.refresh()
  })
}

async function ensure(bucket: string): Promise<void> {
  await timeline.ensure(bucket).catch(() => undefined)
}

async function attempt(act: () => Promise<void>, takeBack?: () => void): Promise<boolean> {
  try {
    await act()
    return true
  } catch (thrown) {
    takeBack?.()
    toasts.say(messageOf(thrown))
    return false
  }
}
