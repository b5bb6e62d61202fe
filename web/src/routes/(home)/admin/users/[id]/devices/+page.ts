import { api } from '#lib/api/api.ts'
import { messageOf } from '#lib/api/api-problem.ts'
import type { UserAdminResponseDto } from '#lib/api/api-types.ts'
import { devicesOfPerson } from '#lib/devices/own-devices.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params }) => {
  try {
    const [person, devices] = await Promise.all([
      api.get<UserAdminResponseDto>(`/admin/users/${encodeURIComponent(params.id)}`),
      devicesOfPerson(params.id).list(),
    ])
    return { person, devices, problem: undefined }
  } catch (thrown) {
    return { person: undefined, devices: [], problem: messageOf(thrown) }
  }
}
