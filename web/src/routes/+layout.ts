import { currentVisitor } from '#lib/auth/sign-in.ts'
import type { LayoutLoad } from './$types'

export const ssr = false
export const prerender = false

/** Who is here is asked once, here; pages never sign in. */
export const load: LayoutLoad = async ({ url }) => ({ visitor: await currentVisitor(url) })
