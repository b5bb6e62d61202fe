import { redirect } from '@sveltejs/kit'
import { continuePath } from '#lib/auth/continue-path.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent, url }) => {
  const { visitor } = await parent()
  const target = continuePath(url.searchParams.get('continue'))
  if ('user' in visitor) redirect(307, target)
  if (visitor.signIn === 'first-admin') redirect(307, '/auth/register')
  return { visitor, target }
}
