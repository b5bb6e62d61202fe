import { api } from '../api/api.ts'
import { createApiKeyApi } from './api-key-api.ts'

export const apiKeyApi = createApiKeyApi(api)
