import { api } from '../api/api.ts'
import { createCheckApi } from './check-api.ts'

export const checkApi = createCheckApi(api)
