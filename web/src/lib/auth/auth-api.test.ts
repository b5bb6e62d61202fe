import { expect, it } from 'vitest'
import type { ApiClient } from '../api/api-client.ts'
import { ApiProblem } from '../api/api-problem.ts'
import { createAuthApi } from './auth-api.ts'

const answering = (answer: unknown): ApiClient => {
  const call = async <T>(): Promise<T> => {
    if (answer instanceof Error) throw answer
    return answer as T
  }
  return { get: call, post: call, put: call, patch: call, delete: call }
}

const refused = (status: number, code?: string): ApiProblem =>
  new ApiProblem('no', { kind: 'refused', status, code })

it('takes a plain 401 for nobody', async () => {
  expect(await createAuthApi(answering(refused(401))).me()).toBeUndefined()
})

it('keeps a conflict and an outage apart from nobody', async () => {
  await expect(createAuthApi(answering(refused(401, 'identity_conflict'))).me()).rejects.toThrow('no')
  await expect(createAuthApi(answering(refused(500))).me()).rejects.toThrow('no')
})

it('offers header sign-in only where the server says it is on', async () => {
  const offers = (config: unknown): Promise<boolean> => createAuthApi(answering(config)).offersHeaderSignIn()
  expect(await offers({ trustedHeader: { enabled: true } })).toBe(true)
  expect(await offers({ trustedHeader: { enabled: false } })).toBe(false)
  expect(await offers({})).toBe(false)
})
