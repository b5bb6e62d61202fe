import { ApiProblem } from '../api/api-problem.ts'
import type { ApiClient } from '../api/api-client.ts'
import type {
  LogoutResponseDto,
  PublicConfigDto,
  ServerConfigDto,
  UserAdminResponseDto,
} from '../api/api-types.ts'
import type { AuthApi } from './who-is-here.ts'

type Account = { name: string; email: string; password: string }

export function createAuthApi(api: ApiClient): AuthApi & {
  signIn: (credentials: { email: string; password: string }) => Promise<void>
  registerFirstAdmin: (account: Account) => Promise<void>
  vouchedEmail: () => Promise<string | undefined>
  /** `thisDeviceOnly`: the person's other devices stay signed in. */
  signOut: (how: { thisDeviceOnly: boolean }) => Promise<LogoutResponseDto>
} {
  return {
    async me() {
      try {
        return await api.get<UserAdminResponseDto>('/users/me')
      } catch (thrown) {
        if (meansNobody(thrown)) return undefined
        throw thrown
      }
    },
    initialized: async () => (await api.get<ServerConfigDto>('/server/config')).isInitialized,
    offersHeaderSignIn: async () =>
      (await api.get<PublicConfigDto>('/public/config')).trustedHeader?.enabled === true,
    signInByHeader: () => api.post('/auth/trusted-header'),
    signIn: (credentials) => api.post('/auth/login', credentials),
    async registerFirstAdmin(account) {
      await api.post('/auth/admin-sign-up', account)
    },
    async vouchedEmail() {
      const preview = await api.get<{ email?: string }>('/auth/trusted-header/preview').catch(() => undefined)
      return preview?.email
    },
    signOut: ({ thisDeviceOnly }) =>
      api.post('/auth/logout', thisDeviceOnly ? { thisDeviceOnly } : undefined),
  }
}

/** A plain 401 means "not signed in"; `identity_conflict` is one that needs saying. */
function meansNobody(thrown: unknown): boolean {
  return (
    thrown instanceof ApiProblem &&
    thrown.kind === 'refused' &&
    thrown.status === 401 &&
    thrown.code !== 'identity_conflict'
  )
}
