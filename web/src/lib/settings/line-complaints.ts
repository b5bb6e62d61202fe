function networkComplaint(entry: string): string | undefined {
  const [, address = '', bits] = /^([^/]*)(?:\/(.*))?$/.exec(entry) ?? []
  const isV6 = address.includes(':')
  if (!(isV6 ? /^[\da-f:.]+$/i : /^\d{1,3}(\.\d{1,3}){3}$/).test(address)) return 'is not an address'
  if (!isV6 && address.split('.').some((part) => Number(part) > 255)) return 'has a number above 255'
  const most = isV6 ? 128 : 32
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most))
    return `ends in /${bits}; it goes up to /${most}`
  return undefined
}

const hostComplaint = (entry: string): string | undefined =>
  /^(\[[\da-f:.]+\]|[^\s:/@?#\\[\]%*]+)(:\d{1,5})?$/i.test(entry)
    ? undefined
    : 'is not a host name; write photos.example.com, without https:// and without a path'

const judges: Record<string, (entry: string) => string | undefined> = {
  'trustedHeader.networks': networkComplaint,
  'trustedHeader.allowedHosts': hostComplaint,
}

/**
 * What is surely wrong in a list of lines, while it is typed. The server has the last word on everything; this looks only
 * for what nobody could mean.
 */
export function lineComplaints(path: string, text: string): string[] {
  const complain = judges[path]
  if (!complain) return []
  return text.split('\n').flatMap((line, index) =>
    line
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .flatMap((entry) => {
        const complaint = complain(entry)
        return complaint === undefined ? [] : [`Line ${index + 1}: ${entry} ${complaint}`]
      }),
  )
}
