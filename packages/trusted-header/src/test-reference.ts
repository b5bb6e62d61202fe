import { parseEmail } from './email.ts'
import type { NameEncoding, Policy } from './policy.ts'

/** The rules of every field said once more, as slowly and simply as they can be, for tests to compare the engine with. */
export type Line = [name: string, value: string]
type Said = { lines: readonly Line[]; policy: Policy }

/** Pictures and quotas have tests of their own; of these few is known what they are. */
export const pictures: Record<string, string | undefined> = {
  'https://x/a.jpg': 'https://x/a.jpg',
  'HTTPS://X': 'https://x/',
  'http://x/a.jpg': undefined,
  'https://u@x/': undefined,
  '': '',
  '-': undefined,
}
export const quotas: Record<string, number | null | undefined> = {
  '1': 1024 ** 3,
  '1.5 GB': 1.5e9,
  '20 MiB': 20 * 1024 ** 2,
  none: null,
  '-': undefined,
  '': undefined,
  '1,1': undefined,
}

const isNothing = (text: string) =>
  /^(?:|-|null|\(null\)|<null>|nil|<nil>|none|\(none\)|undefined|<no value>|[{$][^]*|%[{[(][^]*)$/i.test(text)

function trimmed(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && ' \t'.includes(text.charAt(start))) start += 1
  while (start < end && ' \t'.includes(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Strict UTF-8, as URLs have it. */
function fromUtf8(bytes: string): string | undefined {
  try {
    return decodeURIComponent(
      Array.from(bytes)
        .map((byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
        .join(''),
    )
  } catch {
    return undefined
  }
}

function nameOf(line: string, encoding: NameEncoding): string | undefined {
  const bytes = trimmed(line)
  if (bytes === '') return ''
  if (isNothing(bytes)) return undefined
  const decoded = decodedName(bytes, encoding)
  if (decoded === undefined) return undefined
  const bidi = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff'
  const visible = Array.from(decoded)
    .filter((one) => !bidi.includes(one) && !/^\p{Cc}$/u.test(one))
    .join('')
  const name = Array.from(visible.normalize('NFC').trim()).slice(0, 256).join('').trim()
  return name === '' || isNothing(name) ? undefined : name
}

function decodedName(bytes: string, encoding: NameEncoding): string | undefined {
  const isAscii = Array.from(bytes).every((byte) => byte < '\u0080')
  switch (encoding) {
    case 'utf-8':
      return fromUtf8(bytes)
    case 'latin1':
      return fromUtf8(bytes) ?? bytes
    case 'percent':
      return fromPercent(bytes)
    case 'base64':
      return isAscii ? fromBase64(bytes) : fromUtf8(bytes)
    case 'rfc2047':
      return fromEncodedWords(bytes)
  }
}

function fromPercent(bytes: string): string | undefined {
  try {
    const raw = bytes.replace(/[^%]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
    // What stood behind a percent sign is now `%XX%XX`; put it back.
    return decodeURIComponent(
      raw.replace(
        /%(?:%([0-9a-f]{2}))(?:%([0-9a-f]{2}))/gi,
        (_, one: string, two: string) => `%${String.fromCharCode(Number(`0x${one}`), Number(`0x${two}`))}`,
      ),
    )
  } catch {
    return undefined
  }
}

function fromBase64(text: string): string | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/')
  if (/[^A-Za-z0-9+/=]/.test(plain)) return undefined
  try {
    const bytes = atob(plain)
    const again = btoa(bytes)
    return plain === again || plain === again.replaceAll('=', '') ? fromUtf8(bytes) : undefined
  } catch {
    return undefined
  }
}

/** The words one at a time, from left to right. */
function fromEncodedWords(bytes: string): string | undefined {
  let rest = fromUtf8(bytes)
  let result = ''
  let afterWord = false
  while (rest !== undefined && rest !== '') {
    const [whole, blanks = '', charset = '', kind = '', encoded = ''] =
      /^([\t ]*)=\?([A-Za-z0-9_-]+)\?([bqBQ])\?([\x21-\x3e\x40-\x7e]*)\?=/.exec(rest) ?? []
    if (whole === undefined) {
      result += rest.slice(0, 1)
      rest = rest.slice(1)
      afterWord = false
      continue
    }
    const raw = kind.toLowerCase() === 'q' ? fromPercentBytes(encoded) : paddedBase64(encoded)
    const word = raw === undefined || charset.toLowerCase() !== 'utf-8' ? undefined : fromUtf8(raw)
    if (word === undefined) return undefined
    result += (afterWord ? '' : blanks) + word
    afterWord = true
    rest = rest.slice(whole.length)
  }
  return rest === undefined ? undefined : result
}

function fromPercentBytes(encoded: string): string | undefined {
  const parts = encoded.replaceAll('_', ' ').split('=')
  const rest = parts
    .slice(1)
    .map((part) =>
      /^[0-9a-f]{2}/i.test(part)
        ? String.fromCharCode(parseInt(part.slice(0, 2), 16)) + part.slice(2)
        : undefined,
    )
  return rest.includes(undefined) ? undefined : [parts[0], ...rest].join('')
}

const paddedBase64 = (text: string) => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes.toString('latin1') : undefined
}

function groupsOf(line: string, separator: string): string[] | undefined {
  const list = fromUtf8(line)
  if (list === undefined) return undefined
  const all = trimmed(list)
  if (all === '') return []
  if (isNothing(all)) return undefined
  const groups: string[] = []
  for (const part of all.split(separator))
    if (trimmed(part) !== '' && !groups.includes(trimmed(part))) groups.push(trimmed(part))
  return groups
}

/** What the engine should say; the checks in its order. */
export function expectedVerdict({ lines, policy }: Said): unknown {
  const refuse = (refused: string) => ({ refused, fromProxy: true })
  const { headers, groupSeparator = ',', nameEncoding = 'utf-8' } = policy
  const names = Object.values(headers).map((name) => name.toLowerCase())
  const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const isAlias = ([name]: Line) =>
    names.some((one) => bare(one) === bare(name) && one !== name.toLowerCase())
  if (lines.some(isAlias)) return refuse('header_alias')
  const linesOf = (wanted: string) => lines.filter(([name]) => name.toLowerCase() === wanted.toLowerCase())
  if (names.some((name) => linesOf(name).length > 1)) return refuse('header_repeated')
  const lineOf = (wanted: string | undefined) => (wanted === undefined ? undefined : linesOf(wanted)[0]?.[1])

  const emails = (lineOf(headers.email) ?? '').split(',').map(trimmed)
  const ids = headers.id === undefined ? undefined : (lineOf(headers.id) ?? '').split(',').map(trimmed)
  if (new Set(emails).size > 1 || new Set(ids).size > 1) return refuse('header_repeated')
  const [email = '', id] = [emails[0], ids?.[0]]
  if (isNothing(email)) return refuse('no_identity')
  const canonical = parseEmail(fromUtf8(email) ?? '')
  if (canonical === undefined) return refuse('bad_email')
  if (id !== undefined && isNothing(id)) return refuse('no_id')
  if (id !== undefined && !(/^[\x21-\x7e]+$/.test(id) && id.length < 256)) return refuse('bad_id')

  const once = (line: string | undefined) => (line === undefined || emails.length === 1 ? line : half(line))
  const read = <T>(wanted: string | undefined, reader: (line: string) => T) => {
    const line = once(lineOf(wanted))
    return line === undefined ? undefined : reader(line)
  }
  const identity = {
    email: canonical,
    id,
    name: read(headers.name, (line) => nameOf(line, nameEncoding)),
    groups: read(headers.groups, (line) => groupsOf(line, groupSeparator)),
    picture: read(headers.picture, (line) => pictures[line]),
    quotaBytes: read(headers.quota, (line) => quotas[line]),
  }
  return { identity: Object.fromEntries(Object.entries(identity).filter(([, value]) => value !== undefined)) }
}

/** The half that a line was before it was joined with itself; all of it when it was not. */
function half(line: string): string {
  for (const join of [',', ', '])
    for (let end = 0; end < line.length; end += 1)
      if (line.slice(0, end) + join + line.slice(0, end) === line) return line.slice(0, end)
  return line
}
