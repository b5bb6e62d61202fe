import { describe, expect, it, vi } from 'vitest'
import { createApiClient } from './api-client.ts'
import { ApiProblem } from './api-problem.ts'

type Options = {
  mayNavigate?: boolean
  sameIdentity?: boolean
  somebodyWasHere?: boolean
  isOver?: boolean
  speaksFor?: string
}

function clientFor(
  answer: Response | Error,
  {
    mayNavigate = true,
    sameIdentity = true,
    somebodyWasHere = false,
    isOver = false,
    speaksFor,
  }: Options = {},
) {
  const fetch = vi.fn<typeof globalThis.fetch>(async () => {
    if (answer instanceof Error) throw answer
    return answer
  })
  const navigate = vi.fn<() => boolean>(() => mayNavigate)
  const onIdentityChanged = vi.fn<() => void>()
  const look = vi.fn<(identity: string | null) => boolean>(() => sameIdentity)
  const api = createApiClient({
    fetch,
    challenge: { navigate, passed: () => undefined },
    identity: {
      look,
      hear: () => undefined,
      reset: () => undefined,
      isOver: () => isOver,
      speaksFor: () => speaksFor,
    },
    onIdentityChanged,
    sessionEnded: () => somebodyWasHere,
  })
  return { api, fetch, navigate, onIdentityChanged, look }
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  })

const html = (status: number): Response =>
  new Response('<h1>Log in</h1>', { status, headers: { 'Content-Type': 'text/html' } })

/** What a browser makes of a redirect it was told not to follow; it cannot be built, only imitated. */
const redirected = (): Response =>
  Object.defineProperties(new Response(null), { status: { value: 0 }, ok: { value: false } })

const outcome = async (call: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    call.catch((thrown: unknown) => thrown),
    new Promise((resolve) => setTimeout(() => resolve('still waiting'), 20)),
  ])

describe('what a request says', () => {
  it('tells the proxy that a script is asking, and follows no redirect', async () => {
    const { api, fetch } = clientFor(json(200, {}))
    await api.post('/auth/login', { email: 'gran@home.example' })
    const [path, init] = fetch.mock.calls[0] ?? []
    expect(path).toBe('/api/auth/login')
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual', credentials: 'same-origin' })
    expect(init?.headers).toMatchObject({ Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' })
    expect(init?.body).toBe('{"email":"gran@home.example"}')
  })

  it('sends no content type with an empty body', async () => {
    const { api, fetch } = clientFor(json(201, {}))
    await api.post('/auth/trusted-header')
    expect(fetch.mock.calls[0]?.[1]?.headers).not.toHaveProperty('Content-Type')
  })
})

describe('for whom the page speaks', () => {
  it('is said with every request, once it is known', async () => {
    const known = clientFor(json(200, {}), { speaksFor: 'gran' })
    await known.api.post('/albums', {})
    expect(known.fetch.mock.calls[0]?.[1]?.headers).toMatchObject({ 'X-Porchlight-Identity': 'gran' })
    const first = clientFor(json(200, {}))
    await first.api.get('/users/me')
    expect(first.fetch.mock.calls[0]?.[1]?.headers).not.toHaveProperty('X-Porchlight-Identity')
  })

  it('asks for nothing any more when somebody else is here', async () => {
    const { api, fetch } = clientFor(json(200, {}), { isOver: true })
    expect(await outcome(api.get('/users/me'))).toBe('still waiting')
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('what an answer means', () => {
  it('hands over the body', async () => {
    expect(await clientFor(json(200, { id: 'a' })).api.get('/assets/a')).toEqual({ id: 'a' })
  })

  it('takes 204 for done', async () => {
    expect(
      await clientFor(new Response(null, { status: 204 })).api.delete('/assets', { ids: [] }),
    ).toBeUndefined()
  })

  it('passes on the message, code and field errors of a refusal', async () => {
    const errors = [{ path: ['email'], message: 'Invalid' }]
    const { api, navigate } = clientFor(json(400, { message: 'Validation failed', code: 'x', errors }))
    const problem = await outcome(api.get('/users/me'))
    expect(problem).toBeInstanceOf(ApiProblem)
    expect(problem).toMatchObject({
      kind: 'refused',
      status: 400,
      message: 'Validation failed',
      code: 'x',
      errors,
    })
    expect(navigate).not.toHaveBeenCalled()
  })

  it('does not take our own 401 for the proxy', async () => {
    const { api, navigate } = clientFor(json(401, { message: 'Authentication required' }))
    expect(await outcome(api.get('/users/me'))).toMatchObject({ kind: 'refused', status: 401 })
    expect(navigate).not.toHaveBeenCalled()
  })

  it('says that nobody answers when the network fails or the proxy stands alone', async () => {
    expect(await outcome(clientFor(new TypeError('failed')).api.get('/x'))).toMatchObject({
      kind: 'unreachable',
    })
    const { api, navigate } = clientFor(html(502))
    expect(await outcome(api.get('/x'))).toMatchObject({ kind: 'unreachable', status: 502 })
    expect(navigate).not.toHaveBeenCalled()
  })
})

describe('when the proxy wants to see the person', () => {
  const challenges: [string, () => Response][] = [
    ['a redirect', redirected],
    ['an empty 401', () => new Response(null, { status: 401 })],
    ['a 401 with a page', () => html(401)],
    ['a 401 with empty JSON', () => json(401, {})],
    ['a login page with 200', () => html(200)],
    ['our word that the proxy named nobody', () => json(401, { message: 'x', code: 'signed_out_at_proxy' })],
  ]

  it.each(challenges)('%s navigates once and never answers', async (_name, answer) => {
    const { api, navigate } = clientFor(answer())
    expect(await outcome(api.get('/users/me'))).toBe('still waiting')
    expect(navigate).toHaveBeenCalledTimes(1)
  })

  it.each(challenges)('%s is a problem when navigating did not help', async (_name, answer) => {
    const { api } = clientFor(answer(), { mayNavigate: false })
    expect(await outcome(api.get('/users/me'))).toMatchObject({ kind: 'challenged' })
  })
})

describe('when somebody else is here', () => {
  it('shows nothing of an answer that belongs to another person', async () => {
    const answer = json(200, { secret: true })
    answer.headers.set('X-Porchlight-Identity', 'anna')
    const { api, look } = clientFor(answer, { sameIdentity: false })
    expect(await outcome(api.get('/timeline/buckets'))).toBe('still waiting')
    expect(look).toHaveBeenCalledWith('anna')
  })

  it('starts over on identity_changed', async () => {
    const { api, onIdentityChanged } = clientFor(json(401, { message: 'x', code: 'identity_changed' }))
    expect(await outcome(api.get('/users/me'))).toBe('still waiting')
    expect(onIdentityChanged).toHaveBeenCalledTimes(1)
  })

  it('draws nothing any more when the session of whoever was here has ended; a shut folder is no end', async () => {
    const ended = json(401, { message: 'Invalid user token' })
    expect(await outcome(clientFor(ended, { somebodyWasHere: true }).api.get('/timeline/buckets'))).toBe(
      'still waiting',
    )
    const shut = json(401, { message: 'Elevated permission is required' })
    expect(
      await outcome(clientFor(shut, { somebodyWasHere: true }).api.get('/timeline/buckets')),
    ).toMatchObject({ status: 401 })
    const denied = json(403, { message: 'Forbidden' })
    expect(await outcome(clientFor(denied, { somebodyWasHere: true }).api.get('/admin/users'))).toMatchObject(
      {
        status: 403,
      },
    )
  })
})
