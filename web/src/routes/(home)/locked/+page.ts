import { messageOf } from '#lib/api/api-problem.ts'
import { lockedApi } from '#lib/locked/locked.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    const lock = await lockedApi.state()
    return { lock, assets: lock.isOpen ? await lockedApi.contents() : [], problem: undefined }
  } catch (thrown) {
    return { lock: undefined, assets: [], problem: messageOf(thrown) }
  }
}
