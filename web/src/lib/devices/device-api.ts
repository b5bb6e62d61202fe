import type { ApiClient } from '../api/api-client.ts'
import { permissionsFor } from '../api-keys/key-purpose.ts'

/** One place where a person is signed in. */
export type Device = {
  id: string
  name: string | null
  method: 'password' | 'trusted-header' | 'oauth' | 'device'
  deviceType: string
  deviceOS: string
  appVersion: string | null
  /** An address, or null where it was never seen. */
  seenFrom: string | null
  createdAt: string
  lastUsedAt: string
  expiresAt: string | null
  /** The one that asks. */
  current: boolean
}

export type DeviceKind = 'device' | 'upload' | 'everything'
export type NewDevice = { name: string; kind: DeviceKind; days: number | undefined }
/** What a new device is given, this once. */
export type DeviceSecret = { name: string; secret: string; header: 'x-immich-user-token' | 'x-api-key' }

/** What an app asks for on the page that it opened. */
export type AppRequest = { redirectUri: string; state: string; codeChallenge: string }

export type DeviceApi = {
  list: () => Promise<Device[]>
  add: (device: NewDevice) => Promise<DeviceSecret>
  /** An empty name takes the name away. */
  rename: (id: string, name: string) => Promise<void>
  end: (id: string) => Promise<void>
  endOthers: () => Promise<void>
  /** @returns where the app waits, with its code */
  grant: (request: AppRequest) => Promise<string>
}

const day = 24 * 60 * 60 * 1000

export const createDeviceApi = (api: ApiClient, now: () => number = Date.now): DeviceApi => ({
  list: () => api.get('/devices'),
  async add({ name, kind, days }) {
    const title = name.trim()
    if (kind === 'device') {
      const { token } = await api.post<{ token: string }>('/devices', { name: title, ...(days && { days }) })
      return { name: title, secret: token, header: 'x-immich-user-token' }
    }
    const end = days && { expiresAt: new Date(now() + days * day).toISOString() }
    const body = { name: title, permissions: permissionsFor(kind), ...end }
    const { secret } = await api.post<{ secret: string }>('/api-keys', body)
    return { name: title, secret, header: 'x-api-key' }
  },
  rename: (id, name) => api.put(`/devices/${id}`, { name: name.trim() }),
  end: (id) => api.delete(`/sessions/${id}`),
  endOthers: () => api.delete('/sessions'),
  grant: async (request) => (await api.post<{ url: string }>('/device-sign-in/grant', request)).url,
})

export type AdminDeviceApi = {
  list: () => Promise<Device[]>
  end: (id: string) => Promise<void>
  endAll: () => Promise<void>
}

/** The devices of another person, for an admin. */
export function createAdminDeviceApi(api: ApiClient, userId: string): AdminDeviceApi {
  const path = `/admin/users/${userId}/devices`
  return {
    list: () => api.get(path),
    end: (id) => api.delete(`${path}/${id}`),
    endAll: () => api.delete(path),
  }
}
