import { api } from '../api/api.ts'
import { createActivityApi } from './activity-api.ts'

export const activityApi = createActivityApi(api)
