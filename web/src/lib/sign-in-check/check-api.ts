import type { ApiClient } from '../api/api-client.ts'
import type { BrowserAnswer, CheckReport, CheckStart, DryRunDto } from './check-types.ts'

export type CheckApi = {
  start: () => Promise<CheckStart>
  /** The server sends its own probes meanwhile, which takes a while. */
  run: (check: { nonce: string; observations: BrowserAnswer[] }) => Promise<CheckReport>
  dryRun: (trustedHeader: unknown) => Promise<DryRunDto>
}

export const createCheckApi = (api: ApiClient): CheckApi => ({
  start: () => api.post('/admin/sign-in-check'),
  run: (check) => api.post('/admin/sign-in-check/run', check),
  dryRun: (trustedHeader) => api.post('/admin/sign-in-check/dry-run', { trustedHeader }),
})
