/** More than any household needs, few enough to be read and asked at once. */
export const mostEntries = 1000

/** Room for as many entries of the longest form there is (49 characters), and blanks. */
const mostCharacters = 100_000

/** Says where a setting grows longer than is read at all; the entry is only the start of what is there. */
export function findOversize(
  input: string | readonly string[],
): { index: number; entry: string; reason: string } | undefined {
  let length = 0
  for (const [index, text] of (typeof input === 'string' ? [input] : input).entries()) {
    length += text.length
    if (length > mostCharacters)
      return {
        index,
        entry: text.slice(0, 100),
        reason: `the networks are written in more than ${mostCharacters.toLocaleString('en')} characters`,
      }
  }
  return undefined
}
