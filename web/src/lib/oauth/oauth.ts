import { api, forgetPerson } from '../api/api.ts'
import type { PublicConfigDto } from '../api/api-types.ts'
import { createOauthWalk } from './oauth-walk.ts'

export const oauthWalk = createOauthWalk({
  post: (path, body) => api.post(path, body),
  store: sessionStorage,
  origin: location.origin,
  assign: (url) => location.assign(url),
  forgetPerson,
})

/** The ways in that the server offers; nothing but the form where it does not say. */
export async function doors(): Promise<Pick<PublicConfigDto, 'oauth' | 'passwordLogin'>> {
  const closed = { enabled: false, autoLaunch: false, buttonText: '' }
  return api
    .get<PublicConfigDto>('/public/config')
    .catch(() => ({ oauth: closed, passwordLogin: { enabled: true } }))
}

export const unlinkOauth = (): Promise<unknown> => api.post('/oauth/unlink')
