import type { CheckLevel, CheckLine } from './check-types.ts'

const order: readonly CheckLevel[] = ['bad', 'warn', 'unknown', 'good']

/** The worst first; within a level as the server has them. */
export const worstFirst = (lines: readonly CheckLine[]): CheckLine[] =>
  lines.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level))

/** One sentence about all of it. */
export function summaryOf(lines: readonly CheckLine[]): string {
  const count = (level: CheckLevel) => lines.filter((line) => line.level === level).length
  const [bad, warn] = [count('bad'), count('warn')]
  if (bad > 0)
    return bad === 1 ? 'One thing is open that must not be.' : `${bad} things are open that must not be.`
  if (warn > 0)
    return warn === 1 ? 'It holds; one thing could be better.' : `It holds; ${warn} things could be better.`
  return count('good') > 0 ? 'It holds. Nothing that was tried got through.' : 'Nothing could be tried.'
}
