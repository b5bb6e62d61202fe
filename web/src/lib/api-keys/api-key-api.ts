import type { ApiClient } from '../api/api-client.ts'
import type { ApiKeyCreateResponseDto, ApiKeyResponseDto } from '../api/api-types.ts'
import { permissionsFor } from './key-purpose.ts'
import type { KeyPurpose } from './key-purpose.ts'

export type NewApiKey = { name: string; purpose: KeyPurpose }

export type ApiKeyApi = {
  /** The signed-in person's own keys, newest first. */
  list: () => Promise<ApiKeyResponseDto[]>
  /** The only answer that ever carries the secret. */
  add: (key: NewApiKey) => Promise<ApiKeyCreateResponseDto>
  remove: (id: string) => Promise<void>
}

export const createApiKeyApi = (api: ApiClient): ApiKeyApi => ({
  async list() {
    const keys = await api.get<ApiKeyResponseDto[]>('/api-keys')
    return keys.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
  },
  add: ({ name, purpose }) =>
    api.post('/api-keys', { name: name.trim(), permissions: permissionsFor(purpose) }),
  remove: (id) => api.delete(`/api-keys/${id}`),
})
