import type { ApiClient } from '../api/api-client.ts'
import type {
  ArrivalDto,
  ProvenanceDto,
  ServerAboutResponseDto,
  SystemConfigDto,
  UserAdminResponseDto,
} from '../api/api-types.ts'

export type NewPerson = { name: string; email: string; password: string }

export type AdminApi = {
  users: () => Promise<UserAdminResponseDto[]>
  addUser: (person: NewPerson) => Promise<UserAdminResponseDto>
  config: () => Promise<SystemConfigDto>
  /** The whole document, as it was read but for what changed. */
  saveConfig: (config: SystemConfigDto) => Promise<SystemConfigDto>
  provenance: () => Promise<ProvenanceDto>
  arrival: () => Promise<ArrivalDto>
  about: () => Promise<ServerAboutResponseDto>
}

export const createAdminApi = (api: ApiClient): AdminApi => ({
  users: () => api.get('/admin/users'),
  addUser: (person) => api.post('/admin/users', person),
  config: () => api.get('/system-config'),
  saveConfig: (config) => api.put('/system-config', config),
  provenance: () => api.get('/system-config/provenance'),
  arrival: () => api.get('/admin/trusted-header/arrival'),
  about: () => api.get('/server/about'),
})
