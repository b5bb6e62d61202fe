import { maskEmail, type Policy } from '@porchlight/trusted-header'
import type { HeaderField, SightedHeader } from '../sign-in-check/sign-in-check.ts'

/** The answer that carries these must get through proxies that hold 4 kB of headers. */
const mostHeaders = 16
const longestText = 60

const looksLikeIdentity =
  /^(x[-_.])?(remote|auth|authentik|webauth|forwarded|oidc|cf[-_.]access|goog|amzn|pomerium|teleport|tailscale)[-_.].*(user|email|mail|name|group|role|uid|jwt|assertion|identity|login|data)|^x-forwarded-(user|email|groups)/i
const looksLikeSecret = /jwt|token|secret|assertion|data$/i

/** Every header that says who is there, or looks as if it did: as it was spelled, how often, and what it holds. */
export function sightHeaders(
  rawHeaders: readonly string[],
  policy: Policy,
  canaryWord: string | undefined,
): SightedHeader[] {
  const found = new Map<string, string[]>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const field = fieldOf(name, policy)
    if (field === 'other' && !looksLikeIdentity.test(name)) continue
    found.set(name, [...(found.get(name) ?? []), rawHeaders[index + 1] ?? ''])
  }
  const sighted = [...found].map(([name, values]): SightedHeader => {
    const parts = values.flatMap((value) => value.split(',')).map((part) => part.trim())
    return {
      name: name.slice(0, longestText),
      field: fieldOf(name, policy),
      lines: values.length,
      holds: [...new Set(parts.map((part) => holdingOf(part, canaryWord)))],
      value: [...new Set(values.map((value) => shown(name, value)))].join(' | ').slice(0, 2 * longestText),
    }
  })
  // What is read comes first, should there be too many.
  const isOther = ({ field }: SightedHeader) => field === 'other'
  return sighted.sort((one, two) => Number(isOther(one)) - Number(isOther(two))).slice(0, mostHeaders)
}

function fieldOf(name: string, policy: Policy): HeaderField {
  const lower = name.toLowerCase()
  const named: [HeaderField, string | undefined][] = [
    ['secret', policy.secret?.header],
    ['assertion', policy.assertion?.header],
    ...(Object.entries(policy.headers) as [HeaderField, string][]),
  ]
  const exact = named.find(([, configured]) => configured === lower)
  if (exact) return exact[0]
  const key = onlyLetters(lower)
  const isAlias = named.some(([, configured]) => configured !== undefined && onlyLetters(configured) === key)
  return isAlias ? 'alias' : 'other'
}

const onlyLetters = (name: string) => name.replace(/[^a-z0-9]/g, '')

function holdingOf(value: string, canaryWord: string | undefined): SightedHeader['holds'][number] {
  if (canaryWord !== undefined && value.toLowerCase().includes(canaryWord)) return 'canary'
  if (value === '') return 'nothing'
  return /^(\(null\)|null|<nil>|nil|undefined|none|-)$|^[{$]|^%\{/i.test(value) ? 'placeholder' : 'something'
}

/** Addresses and names are masked; a signed word could be used again, so it is left out; a placeholder is nobody's. */
function shown(name: string, value: string): string {
  const text = decoded(value).slice(0, 4 * longestText)
  const [word] = /canary-[0-9a-f]{16}[\w.@-]*/.exec(text) ?? []
  if (word !== undefined && word.length === text.length) return word.slice(0, longestText)
  if (text === '') return '(empty)'
  if (holdingOf(text, undefined) === 'placeholder') return text.slice(0, longestText)
  if (looksLikeSecret.test(name)) return `[${value.length} characters]`
  return text
    .split(',')
    .map((part) => masked(part.trim()))
    .join(', ')
    .slice(0, longestText)
}

function masked(part: string): string {
  if (/^canary-[0-9a-f]{16}/.test(part)) return part
  if (part.includes('@')) return maskEmail(part)
  return part.length <= 2 ? part : `${part.slice(0, 2)}…`
}

/** One byte per character, as Node hands them over; UTF-8 where it is that. */
function decoded(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return (text.includes('\ufffd') ? value : text).replace(/\p{C}/gu, '?')
}
