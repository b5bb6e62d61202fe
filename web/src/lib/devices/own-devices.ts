import { api } from '../api/api.ts'
import { createAdminDeviceApi, createDeviceApi, type AdminDeviceApi } from './device-api.ts'

export const deviceApi = createDeviceApi(api)

export const devicesOfPerson = (userId: string): AdminDeviceApi => createAdminDeviceApi(api, userId)
