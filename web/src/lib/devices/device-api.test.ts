import { expect, test, vi } from 'vitest'
import type { ApiClient } from '../api/api-client.ts'
import { createDeviceApi } from './device-api.ts'

function deviceApi() {
  const post = vi.fn<(path: string, body?: unknown) => Promise<unknown>>(async () => ({
    token: 'the-token',
    secret: 'the-secret',
  }))
  const none = vi.fn<() => Promise<unknown>>()
  const client = { get: none, put: none, delete: none, post } as unknown as ApiClient
  return { post, devices: createDeviceApi(client, () => Date.parse('2026-05-01T00:00:00Z')) }
}

test('a TV gets a session of its own, for as long as was said', async () => {
  const { devices, post } = deviceApi()
  const made = await devices.add({ name: ' TV ', kind: 'device', days: 30 })
  expect(made).toEqual({ name: 'TV', secret: 'the-token', header: 'x-immich-user-token' })
  expect(post).toHaveBeenCalledWith('/devices', { name: 'TV', days: 30 })
})

test('a program that uploads gets a narrow key with an end, or one without', async () => {
  const { devices, post } = deviceApi()
  const made = await devices.add({ name: 'Card reader', kind: 'upload', days: 1 })
  expect(made).toEqual({ name: 'Card reader', secret: 'the-secret', header: 'x-api-key' })
  expect(post).toHaveBeenCalledWith(
    '/api-keys',
    expect.objectContaining({ expiresAt: '2026-05-02T00:00:00.000Z' }),
  )
  await devices.add({ name: 'App', kind: 'everything', days: undefined })
  expect(post).toHaveBeenLastCalledWith('/api-keys', { name: 'App', permissions: ['all'] })
})
