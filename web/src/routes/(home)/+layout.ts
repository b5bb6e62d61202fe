import { redirect } from '@sveltejs/kit'
import { landingPage } from '#lib/auth/landing-page.ts'
import type { LayoutLoad } from './$types'

/** Behind this only people who are signed in; everybody else lands on the page that helps them in. */
export const load: LayoutLoad = async ({ parent, url }) => {
  const { visitor } = await parent()
  if (!('user' in visitor)) redirect(307, landingPage(visitor, url))
  return { user: visitor.user }
}
