import { ApiProblem, messageOf } from '../api/api-problem.ts'
import { continuePath } from '../auth/continue-path.ts'

/** Why somebody went to the login service: to come in, or to link the account that is open. */
export type Purpose = 'sign-in' | 'link'

type Walk = { purpose: Purpose; target: string }

type Ports = {
  post: <T>(path: string, body: unknown) => Promise<T>
  store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** The address under which this page was opened, such as `https://photos.example.com`. */
  origin: string
  assign: (url: string) => void
  /** Drops what the browser keeps of the person before. */
  forgetPerson: () => Promise<void>
}

const storeKey = 'porchlight.oauth'

/** The only page to which the login service brings people back, so that it has to know one address alone. */
const wayBack = '/auth/login'

type Address = { searchParams: Pick<URLSearchParams, 'get' | 'has'> }

/** The login service brought the browser back, with a code or with a no. */
export function comesBack({ searchParams }: Address): boolean {
  return searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'))
}

/** To the login service and back. What the browser remembers meanwhile is only where it wanted to go. */
export function createOauthWalk({ post, store, origin, assign, forgetPerson }: Ports) {
  return {
    async begin(walk: Walk): Promise<void> {
      const { url } = await post<{ url: string }>('/oauth/authorize', { redirectUri: origin + wayBack })
      store.setItem(storeKey, JSON.stringify(walk))
      assign(url)
    },

    /** `came`: the whole address. Throws the server's refusal. */
    async finish(came: string): Promise<void> {
      const { purpose, target } = remembered(store.getItem(storeKey))
      store.removeItem(storeKey)
      if (purpose === 'link') await post('/oauth/link', { url: came })
      else {
        await forgetPerson()
        await post('/oauth/callback', { url: came })
      }
      assign(target)
    },
  }
}

/** Anything may stand in the store; where it leads is checked like an address from outside. */
function remembered(text: string | null): Walk {
  try {
    const { purpose, target } = JSON.parse(text ?? '{}') as Partial<Record<keyof Walk, unknown>>
    return {
      purpose: purpose === 'link' ? 'link' : 'sign-in',
      target: continuePath(typeof target === 'string' ? target : null),
    }
  } catch {
    return { purpose: 'sign-in', target: continuePath(null) }
  }
}

/** What went wrong, for the person at the door. */
export function oauthProblem(thrown: unknown): string {
  if (!(thrown instanceof ApiProblem)) return messageOf(thrown)
  if (thrown.code === 'issuer_unreachable')
    return 'The login service does not answer right now. Try again in a moment.'
  if (thrown.message === 'OAuth authentication failed')
    return 'The login service knows you, but you have no account here that it may open. Your admin can help.'
  if (thrown.status >= 500 || /^OAuth (?:state|code verifier) is missing$/.test(thrown.message))
    return 'Signing in did not work out. Try again; your admin sees the reason under Activity.'
  return messageOf(thrown)
}

type Door = { enabled: boolean; autoLaunch: boolean; forApps?: boolean }

/** Whether the sign-in page goes on to the login service by itself, as Immich’s does. */
export function launchesItself(door: Door, { searchParams }: Address): boolean {
  if (!door.enabled || door.forApps === true) return false
  const wish = searchParams.get('autoLaunch')
  if (wish === '1') return true
  const password = searchParams.get('password')
  return door.autoLaunch && wish !== '0' && password !== '1' && password !== 'true'
}
