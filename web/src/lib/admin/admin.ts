import { api } from '../api/api.ts'
import { createAdminApi } from './admin-api.ts'

export const adminApi = createAdminApi(api)
