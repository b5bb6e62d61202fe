import { messageOf } from '#lib/api/api-problem.ts'
import { sharedLinkApi } from '#lib/sharing/own-shared-links.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    const [links, albums] = await Promise.all([sharedLinkApi.list(), sharedLinkApi.albums()])
    return { links, albums, problem: undefined }
  } catch (thrown) {
    return { links: [], albums: [], problem: messageOf(thrown) }
  }
}
