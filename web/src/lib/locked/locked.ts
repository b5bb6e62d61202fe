import { api } from '../api/api.ts'
import { createLockedApi } from './locked-api.ts'

export const lockedApi = createLockedApi(api)
