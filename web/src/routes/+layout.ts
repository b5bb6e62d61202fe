import { currentVisitor } from '#lib/auth/sign-in.ts'
import type { Visitor } from '#lib/auth/who-is-here.ts'
import type { LayoutLoad } from './$types'

export const ssr = false
export const prerender = false

/** A shared link shows the same to everybody: who is here is none of its business, and it wakes no portal. */
const isSharePage = ({ pathname }: URL): boolean => /^\/(share|s)\//.test(pathname)

/** Who is here is asked once, here; pages never sign in. */
export const load: LayoutLoad = async ({ url }): Promise<{ visitor: Visitor }> => ({
  visitor: isSharePage(url) ? { signIn: 'form' } : await currentVisitor(url),
})
