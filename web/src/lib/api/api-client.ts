import { challenged, readProblem, unreachable } from './api-problem.ts'
import type { ApiProblem } from './api-problem.ts'
import { identityHeader, type IdentityWatch } from './identity-watch.ts'
import type { ProxyChallenge } from './proxy-challenge.ts'

export type ApiClient = {
  get: <T>(path: string) => Promise<T>
  post: <T>(path: string, body?: unknown) => Promise<T>
  put: <T>(path: string, body: unknown) => Promise<T>
  patch: <T>(path: string, body: unknown) => Promise<T>
  delete: <T>(path: string, body?: unknown) => Promise<T>
}

type Ports = {
  fetch: typeof fetch
  challenge: ProxyChallenge
  identity: IdentityWatch
  /** The server said that another person's cookies are in this browser now. */
  onIdentityChanged: () => void
  /** A 401 of the server's own. True: somebody was here, and the page is starting over. */
  sessionEnded: () => boolean
}

/** Proxies tell a script from a page by these two (Authelia by the first, others by the second). */
const headers = { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' }

/** The page is about to go away; whoever waits for the answer must not draw anything any more. */
const forever = new Promise<never>(() => {})

/**
 * JSON over our own `/api`. Resolves with the body (undefined for 204); throws `ApiProblem` otherwise.
 * What cannot have come from Porchlight is taken for the proxy's challenge.
 */
export function createApiClient({
  fetch,
  challenge,
  identity,
  onIdentityChanged,
  sessionEnded,
}: Ports): ApiClient {
  async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
    if (identity.isOver()) return forever
    const speaksFor = identity.speaksFor()
    const response = await fetch(`/api${path}`, {
      method,
      headers: {
        ...headers,
        // The server does nothing in another person's name, though her cookies may be in this browser by now.
        ...(speaksFor === undefined ? {} : { [identityHeader]: speaksFor }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      credentials: 'same-origin',
    }).catch(() => {
      throw unreachable()
    })
    if (!identity.look(response.headers.get(identityHeader))) return forever

    const answer = await read(response)
    if ('body' in answer) return answer.body as T
    if (answer.problem.code === 'identity_changed') {
      onIdentityChanged()
      return forever
    }
    if (endsSession(answer.problem) && sessionEnded()) return forever
    if (answer.problem.kind === 'challenged' && challenge.navigate()) return forever
    throw answer.problem
  }

  return {
    get: (path) => request('GET', path),
    post: (path, body) => request('POST', path, body),
    put: (path, body) => request('PUT', path, body),
    patch: (path, body) => request('PATCH', path, body),
    delete: (path, body) => request('DELETE', path, body),
  }
}

/** A shut locked folder is a 401 as well, in Immich's words and without a code; the session goes on. */
const endsSession = ({ kind, status, message }: ApiProblem): boolean =>
  kind === 'refused' && status === 401 && message !== 'Elevated permission is required'

type Answer = { body: unknown } | { problem: ApiProblem }

/** A redirect that was not followed comes by here as well, with status 0 and no body. */
async function read(response: Response): Promise<Answer> {
  if (response.status === 204) return { body: undefined }

  const body = await readJson(response)
  if (response.ok && body !== undefined) return { body }
  const problem = readProblem(response.status, body)
  if (problem) return { problem: problem.code === 'signed_out_at_proxy' ? challenged(401) : problem }
  return { problem: response.status >= 500 ? unreachable(response.status) : challenged(response.status) }
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.headers.get('Content-Type')?.includes('json')) return undefined
  try {
    return await response.json()
  } catch {
    return undefined
  }
}
