import type { ApiClient } from '../api/api-client.ts'
import type { ServerAboutResponseDto, UserAdminResponseDto } from '../api/api-types.ts'

export type NewPerson = { name: string; email: string; password: string }

export type AdminApi = {
  users: () => Promise<UserAdminResponseDto[]>
  addUser: (person: NewPerson) => Promise<UserAdminResponseDto>
  about: () => Promise<ServerAboutResponseDto>
}

export const createAdminApi = (api: ApiClient): AdminApi => ({
  users: () => api.get('/admin/users'),
  addUser: (person) => api.post('/admin/users', person),
  about: () => api.get('/server/about'),
})
