import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../api/api-client.ts'
import { createApiKeyApi } from './api-key-api.ts'
import { permissionsFor } from './key-purpose.ts'

const clientAnswering = (answer: unknown) => {
  const call = vi.fn<(path: string, body?: unknown) => Promise<unknown>>(async () => answer)
  return {
    api: createApiKeyApi({ get: call, post: call, put: call, patch: call, delete: call } as ApiClient),
    call,
  }
}

it('lists the newest key first', async () => {
  const keys = [
    { id: 'old', createdAt: '2025-03-01T08:00:00.000Z' },
    { id: 'new', createdAt: '2026-01-01T08:00:00.000Z' },
    { id: 'between', createdAt: '2025-12-31T08:00:00.000Z' },
  ]
  const listed = await clientAnswering(keys).api.list()
  expect(listed.map(({ id }) => id)).toEqual(['new', 'between', 'old'])
})

it('asks for a key by its purpose, with the name as meant', async () => {
  const { api, call } = clientAnswering({})
  await api.add({ name: ' Laptop ', purpose: 'upload' })
  expect(call).toHaveBeenCalledWith('/api-keys', { name: 'Laptop', permissions: permissionsFor('upload') })
})

it('deletes the key that was chosen', async () => {
  const { api, call } = clientAnswering(undefined)
  await api.remove('abc')
  expect(call).toHaveBeenCalledWith('/api-keys/abc')
})
