import { error } from '@sveltejs/kit'
import { loadArrival, loadSettings } from '#lib/settings/settings-data.ts'
import { sectionsOf } from '#lib/settings/setting-fields.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ params }) => {
  const isTrustedHeader = params.section === 'trusted-header'
  const [data, arrival] = await Promise.all([loadSettings(), isTrustedHeader ? loadArrival() : undefined])
  if (!sectionsOf(data.schema).some(({ slug }) => slug === params.section)) error(404, 'Not found')
  return { ...data, arrival }
}
