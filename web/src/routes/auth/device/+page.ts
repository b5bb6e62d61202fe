import { appRequestIn } from '#lib/devices/app-request.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent, url }) => {
  const { visitor } = await parent()
  return {
    person: 'user' in visitor ? visitor.user : undefined,
    asked: appRequestIn(url.searchParams),
  }
}
