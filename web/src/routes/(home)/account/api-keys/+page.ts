import { messageOf } from '#lib/api/api-problem.ts'
import { apiKeyApi } from '#lib/api-keys/own-api-keys.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    return { keys: await apiKeyApi.list(), problem: undefined }
  } catch (thrown) {
    return { keys: [], problem: messageOf(thrown) }
  }
}
