import { describe, expect, it, vi } from 'vitest'
import { ApiProblem, challenged, unreachable } from '../api/api-problem.ts'
import type { UserAdminResponseDto } from '../api/api-types.ts'
import { whoIsHere } from './who-is-here.ts'
import type { AuthApi } from './who-is-here.ts'

const gran = { id: 'gran', email: 'gran@home.example' } as UserAdminResponseDto
const here = { staySignedOut: false, hasSession: false }

const refusal = (code: string | undefined, status = 401): ApiProblem =>
  new ApiProblem(`refused: ${code}`, { kind: 'refused', status, code })

/** A server: who the cookie names, whether it offers header sign-in, and what comes of that. */
function server({ me = [], offers = true, header }: { me?: unknown[]; offers?: boolean; header?: Error }) {
  const answers = [...me]
  const fail = (answer: unknown): never => {
    throw answer
  }
  return {
    me: vi.fn<AuthApi['me']>(async () => {
      const next = answers.shift()
      return next instanceof Error ? fail(next) : (next as UserAdminResponseDto | undefined)
    }),
    initialized: vi.fn<AuthApi['initialized']>(async () => true),
    offersHeaderSignIn: vi.fn<AuthApi['offersHeaderSignIn']>(async () => offers),
    signInByHeader: vi.fn<AuthApi['signInByHeader']>(async () => (header ? fail(header) : undefined)),
  }
}

describe('who is here', () => {
  it('knows Gran by her cookie and asks for nothing else', async () => {
    const api = server({ me: [gran] })
    expect(await whoIsHere(api, here)).toEqual({ user: gran })
    expect(api.signInByHeader).not.toHaveBeenCalled()
    expect(api.offersHeaderSignIn).not.toHaveBeenCalled()
  })

  it('signs Gran in by the word of the proxy', async () => {
    const api = server({ me: [undefined, gran] })
    expect(await whoIsHere(api, here)).toEqual({ user: gran })
    expect(api.signInByHeader).toHaveBeenCalledTimes(1)
  })

  it('shows the form where the feature is off, without trying', async () => {
    const api = server({ offers: false })
    expect(await whoIsHere(api, here)).toEqual({ signIn: 'form' })
    expect(api.signInByHeader).not.toHaveBeenCalled()
  })

  it('leads to the first admin where nobody lives yet, whoever the proxy vouches for', async () => {
    const api = { ...server({}), initialized: async () => false }
    expect(await whoIsHere(api, here)).toEqual({ signIn: 'first-admin' })
    expect(api.signInByHeader).not.toHaveBeenCalled()
  })
})

describe('who signed out', () => {
  it('is not asked after, since a proxy that still vouches would answer for them', async () => {
    const api = server({ me: [gran] })
    expect(await whoIsHere(api, { staySignedOut: true, hasSession: false })).toEqual({ signIn: 'form' })
    expect(api.me).not.toHaveBeenCalled()
    expect(api.signInByHeader).not.toHaveBeenCalled()
  })

  it('is still known by a session that lives on', async () => {
    expect(await whoIsHere(server({ me: [gran] }), { staySignedOut: true, hasSession: true })).toEqual({
      user: gran,
    })
  })

  it('is not signed in by the header when the session turns out dead', async () => {
    const api = server({})
    expect(await whoIsHere(api, { staySignedOut: true, hasSession: true })).toEqual({ signIn: 'form' })
    expect(api.signInByHeader).not.toHaveBeenCalled()
  })
})

describe('what goes wrong lands on a page', () => {
  it('says why the proxy’s word did not count', async () => {
    expect(await whoIsHere(server({ header: refusal('header_repeated') }), here)).toEqual({
      signIn: 'refused',
      refusal: { message: 'refused: header_repeated', code: 'header_repeated' },
    })
  })

  it('says that two people were named at once', async () => {
    expect(await whoIsHere(server({ me: [refusal('identity_conflict')] }), here)).toMatchObject({
      signIn: 'refused',
      refusal: { code: 'identity_conflict' },
    })
  })

  it.each(['off', 'untrusted_peer', 'no_identity', undefined])(
    'shows only the form when nobody vouched (%s)',
    async (code) => {
      expect(await whoIsHere(server({ header: refusal(code) }), here)).toEqual({ signIn: 'form' })
    },
  )

  it('does not try a second time when the browser keeps no cookie', async () => {
    const api = server({})
    expect(await whoIsHere(api, here)).toMatchObject({
      signIn: 'refused',
      refusal: { code: 'cookie_not_kept' },
    })
    expect(api.signInByHeader).toHaveBeenCalledTimes(1)
    expect(api.me).toHaveBeenCalledTimes(2)
  })

  it('leads to the front door when the proxy keeps asking', async () => {
    expect(await whoIsHere(server({ me: [challenged(401)] }), here)).toEqual({ signIn: 'front-door' })
  })

  it('says that nobody answers', async () => {
    expect(await whoIsHere(server({ me: [unreachable()] }), here)).toEqual({ signIn: 'unreachable' })
    expect(await whoIsHere(server({ header: refusal('broken', 500) }), here)).toEqual({
      signIn: 'unreachable',
    })
    expect(await whoIsHere(server({ me: [new Error('a bug')] }), here)).toEqual({ signIn: 'unreachable' })
  })
})
