import { lowerAscii } from './ascii.ts'
import { trimBlanks } from './header-value.ts'

const gibibyte = 1024n ** 3n

/** Decimal units by the SI, binary ones by IEC 80000-13. A bare `G` is neither, and not read. */
const units: Readonly<Record<string, bigint>> = {
  '': gibibyte,
  b: 1n,
  ...Object.fromEntries(
    ['k', 'm', 'g', 't', 'p'].flatMap((letter, index) => [
      [`${letter}b`, 1000n ** BigInt(index + 1)],
      [`${letter}ib`, 1024n ** BigInt(index + 1)],
    ]),
  ),
}

/**
 * How many bytes a person may store: a number is GiB, as in Immich's quota claim; `500 MiB` and `2TB` are what they say;
 * null for `unlimited` or `none`. Parts of a byte are dropped. Undefined when it cannot be read, or counts more bytes than
 * a number can hold.
 */
export function parseQuota(text: string): number | null | undefined {
  const value = lowerAscii(trimBlanks(text))
  if (value === 'unlimited' || value === 'none') return null
  const [, whole = '', part = '', unit = ''] =
    /^(\d{1,16})(?:\.(\d{1,16}))? ?([kmgtp]?i?b|)$/.exec(value) ?? []
  const factor = units[unit]
  if (whole === '' || factor === undefined) return undefined
  const bytes = (BigInt(whole + part) * factor) / 10n ** BigInt(part.length)
  return bytes > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(bytes)
}
