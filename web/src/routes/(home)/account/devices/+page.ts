import { messageOf } from '#lib/api/api-problem.ts'
import { deviceApi } from '#lib/devices/own-devices.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async () => {
  try {
    return { devices: await deviceApi.list(), problem: undefined }
  } catch (thrown) {
    return { devices: [], problem: messageOf(thrown) }
  }
}
