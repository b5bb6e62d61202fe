import { api } from '../api/api.ts'
import { createSharedLinkApi } from './shared-link-api.ts'

export const sharedLinkApi = createSharedLinkApi(api)
