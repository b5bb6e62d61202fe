import { messageOf } from '../api/api-problem.ts'
import { sendProbes } from './browser-probes.ts'
import { checkApi } from './check.ts'
import type { CheckReport } from './check-types.ts'

export type CheckState =
  | { phase: 'idle' }
  | { phase: 'running'; step: string; share: number }
  | { phase: 'done'; report: CheckReport }
  | { phase: 'failed'; message: string }

/** One run of the sign-in check: this browser's probes, then the server's own, then the findings. */
export function createSignInCheck() {
  let state = $state.raw<CheckState>({ phase: 'idle' })

  async function run(): Promise<void> {
    state = { phase: 'running', step: 'Planning', share: 0 }
    try {
      const { nonce, plan } = await checkApi.start()
      const observations = await sendProbes(plan, {
        fetch: (...request) => fetch(...request),
        onProgress: (done) => {
          const step = `Your browser tries ${done} of ${plan.length} ways`
          state = { phase: 'running', step, share: (0.6 * done) / Math.max(1, plan.length) }
        },
      })
      state = { phase: 'running', step: 'The server tries its own ways, through your proxy', share: 0.6 }
      state = { phase: 'done', report: await checkApi.run({ nonce, observations }) }
    } catch (thrown) {
      state = { phase: 'failed', message: messageOf(thrown) }
    }
  }

  return {
    get state() {
      return state
    },
    run,
  }
}
