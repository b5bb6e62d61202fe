import { redirect } from '@sveltejs/kit'
import { continuePath } from '#lib/auth/continue-path.ts'
import { doors } from '#lib/oauth/oauth.ts'
import { comesBack } from '#lib/oauth/oauth-walk.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent, url }) => {
  const { visitor } = await parent()
  const target = continuePath(url.searchParams.get('continue'))
  // Whoever links the account comes back signed in.
  if ('user' in visitor && !comesBack(url)) redirect(307, target)
  if ('signIn' in visitor && visitor.signIn === 'first-admin' && !comesBack(url))
    redirect(307, '/auth/register')
  return { visitor, target, doors: await doors() }
}
