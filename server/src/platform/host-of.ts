/**
 * Host and port of an address, as browsers write them in `Host` and `Origin`: lower case, without the usual port.
 * Undefined for what names no host, such as `file://` or a domain written without its scheme.
 */
export function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host || undefined : undefined
}
