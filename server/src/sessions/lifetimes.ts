import type { SessionLifetimes } from './sessions.ts'

/** Milliseconds for which the settings are remembered, so that not every request asks the database for them twice. */
const freshFor = 1000

/** The lifetimes that the settings name; a change is in force everywhere within a second. */
export function rememberLifetimes(
  read: () => Promise<SessionLifetimes>,
  now: () => number = () => performance.now(),
): () => SessionLifetimes | Promise<SessionLifetimes> {
  let known: { lifetimes: SessionLifetimes; at: number } | undefined
  return () => {
    if (known && now() - known.at < freshFor) return known.lifetimes
    return read().then((lifetimes) => {
      known = { lifetimes, at: now() }
      return lifetimes
    })
  }
}
