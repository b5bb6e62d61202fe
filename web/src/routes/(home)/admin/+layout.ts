import { error } from '@sveltejs/kit'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  const { user } = await parent()
  if (!user.isAdmin) error(404, 'Not found')
}
