/** Where a year begins on the page, newest first. */
export type YearMark = { year: string; top: number }

/** One mark per year, at the top of its newest month. `tops` are those of the months, in the same order. */
export function yearMarks(buckets: readonly string[], tops: readonly number[]): YearMark[] {
  const marks: YearMark[] = []
  for (const [index, bucket] of buckets.entries()) {
    const year = bucket.slice(0, 4)
    if (marks.at(-1)?.year !== year) marks.push({ year, top: tops[index] ?? 0 })
  }
  return marks
}

/** The year on screen at this height. */
export const yearAt = (marks: readonly YearMark[], y: number): string | undefined =>
  (marks.findLast(({ top }) => top <= y) ?? marks[0])?.year
