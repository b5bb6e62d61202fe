// Control characters are looked for on purpose: browsers drop tabs and newlines, so `/\t/evil` would become `//evil`.
// oxlint-disable-next-line no-control-regex
const forbidden = /[\u0000-\u0020\u007f\\]/

/**
 * Where to go after signing in: a path of this very site, or `/photos`.
 * Everything that a browser could read as another origin (`//`, `/\`, schemes, control characters) is refused,
 * and so are the sign-in pages themselves.
 */
export function continuePath(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/') || wanted.startsWith('//') || forbidden.test(wanted))
    return '/photos'
  const url = new URL(wanted, 'https://here.invalid')
  if (url.origin !== 'https://here.invalid' || url.pathname.startsWith('//')) return '/photos'
  return url.pathname.startsWith('/auth/') ? '/photos' : url.pathname + url.search + url.hash
}
