import { trimBlanks } from './header-value.ts'

const longestUrl = 2048

/**
 * The address of a picture, as the URL standard writes it, `''` when it is empty, or undefined when it is none that may be
 * fetched: https only, no user name in it, at most 2048 ASCII characters. Whether the host is a public one is the
 * fetcher's to ask, since only the lookup tells.
 */
export function parsePicture(text: string): string | undefined {
  const value = trimBlanks(text)
  if (value === '') return ''
  if (value.length > longestUrl || !/^https:\/\/[!-~]+$/i.test(value) || !URL.canParse(value))
    return undefined
  const { href, username, password } = new URL(value)
  return username === '' && password === '' && href.length <= longestUrl ? href : undefined
}
