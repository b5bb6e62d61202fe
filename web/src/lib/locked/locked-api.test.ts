import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../api/api-client.ts'
import { createLockedApi } from './locked-api.ts'

function answering(answers: Record<string, unknown>) {
  const call = vi.fn<(path: string, body?: unknown) => Promise<unknown>>(async (path) => answers[path])
  return {
    api: createLockedApi({ get: call, post: call, put: call, patch: call, delete: call } as ApiClient),
    call,
  }
}

const month = (id: string) => ({
  id: [id],
  ratio: [1],
  isImage: [true],
  isFavorite: [false],
  thumbhash: [null],
  fileCreatedAt: ['2024-05-05T10:00:00.000'],
  localOffsetHours: [0],
  duration: [null],
})

it('says whether there is a PIN and whether it was typed', async () => {
  const { api } = answering({ '/auth/status': { pinCode: true, password: false, isElevated: false } })
  expect(await api.state()).toEqual({ hasPin: true, isOpen: false })
})

it('shows every month of the folder, newest first', async () => {
  const { api } = answering({
    '/timeline/buckets?visibility=locked': [{ timeBucket: '2024-05-01' }, { timeBucket: '2023-01-01' }],
    '/timeline/bucket?timeBucket=2024-05-01&visibility=locked': month('new'),
    '/timeline/bucket?timeBucket=2023-01-01&visibility=locked': month('old'),
  })
  expect((await api.contents()).map(({ id }) => id)).toEqual(['new', 'old'])
})

it('moves a photo in and takes it out again', async () => {
  const { api, call } = answering({})
  await api.moveIn('a')
  await api.takeOut('a')
  expect(call.mock.calls).toEqual([
    ['/assets', { ids: ['a'], visibility: 'locked' }],
    ['/assets', { ids: ['a'], visibility: 'timeline' }],
  ])
})
