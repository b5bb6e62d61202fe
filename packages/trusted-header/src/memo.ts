/** How much a memo keeps: `most` answers, to texts of at most `longest` characters. */
type Bounds = { most: number; longest: number }

/**
 * Remembers what a pure function made of a text. Bounded in both directions, since the texts are a client's: when it is
 * full the oldest answer goes, and a long text is worked out anew each time.
 */
export function createMemo<T extends object | number | boolean>(
  work: (text: string) => T,
  { most, longest }: Bounds,
): (text: string) => T {
  const answers = new Map<string, T>()
  return (text) => {
    const known = answers.get(text)
    if (known !== undefined) return known
    const answer = work(text)
    if (text.length > longest) return answer
    if (answers.size >= most) forgetOldest(answers)
    answers.set(text, answer)
    return answer
  }
}

/** A Map walks its entries in the order in which they came. */
function forgetOldest(answers: Map<string, unknown>): void {
  for (const oldest of answers.keys()) {
    answers.delete(oldest)
    return
  }
}
