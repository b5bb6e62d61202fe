import type { Logger } from '../platform/logger.ts'
import type { Sessions } from './sessions.ts'

const day = 24 * 60 * 60 * 1000

/** Forgets sessions that are over, now and once a day; `stop` waits for the round that runs. */
export function sweepSessions({
  sessions,
  logger,
}: {
  sessions: Pick<Sessions, 'removeOver'>
  logger: Logger
}): { stop(): Promise<void> } {
  const sweep = () =>
    sessions.removeOver().then(
      () => {},
      (error: unknown) => logger.error({ err: error }, 'sessions that are over could not be removed'),
    )
  let sweeping = sweep()
  const daily = setInterval(() => void (sweeping = sweep()), day).unref()
  return {
    async stop() {
      clearInterval(daily)
      await sweeping
    },
  }
}
