import { redirect } from '@sveltejs/kit'
import { authApi } from '#lib/auth/sign-in.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent }) => {
  const { visitor } = await parent()
  if ('user' in visitor) redirect(307, '/photos')
  if (visitor.signIn !== 'first-admin') redirect(307, '/auth/login')
  return { email: await authApi.vouchedEmail() }
}
