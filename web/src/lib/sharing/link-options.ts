import type { SharedLinkResponseDto } from './shared-link-types.ts'

/** What a person says of a link in the form. */
export type LinkOptions = {
  description: string
  slug: string
  password: string
  /** `YYYY-MM-DDTHH:mm` here, as the browser's field has it; '' = never. */
  until: string
  allowUpload: boolean
  allowDownload: boolean
  showMetadata: boolean
}

export const usualOptions: LinkOptions = {
  description: '',
  slug: '',
  password: '',
  until: '',
  allowUpload: false,
  allowDownload: true,
  showMetadata: true,
}

export const optionsOf = (link: SharedLinkResponseDto): LinkOptions => ({
  description: link.description ?? '',
  slug: link.slug ?? '',
  password: link.password ?? '',
  until: link.expiresAt === null ? '' : localMinute(new Date(link.expiresAt)),
  allowUpload: link.allowUpload,
  allowDownload: link.allowDownload,
  showMetadata: link.showMetadata,
})

/** As the server takes them: what is empty is none. */
export const linkBody = ({ description, slug, password, until, ...others }: LinkOptions) => ({
  ...others,
  description: description.trim() || null,
  slug: slug.trim() || null,
  password: password || null,
  expiresAt: until === '' ? null : new Date(until).toISOString(),
  // A file tells of itself, so that it stays here with its metadata.
  allowDownload: others.allowDownload && others.showMetadata,
})

/** What to send to people: the short address where there is one. */
export const linkAddress = (origin: string, { key, slug }: { key: string; slug: string | null }): string =>
  slug === null ? `${origin}/share/${key}` : `${origin}/s/${slug}`

export const isOver = ({ expiresAt }: { expiresAt: string | null }, now: number): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now

function localMinute(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}
