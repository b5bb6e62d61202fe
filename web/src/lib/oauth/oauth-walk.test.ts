import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '../api/api-problem.ts'
import { comesBack, createOauthWalk, launchesItself, oauthProblem } from './oauth-walk.ts'

function browser(answer: unknown = { url: 'https://auth.home.example/auth?x=1' }) {
  const kept = new Map<string, string>()
  const ports = {
    post: vi.fn(async () => answer) as <T>(path: string, body: unknown) => Promise<T>,
    store: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    },
    origin: 'https://photos.example.com',
    assign: vi.fn<(url: string) => void>(),
    forgetPerson: vi.fn(async () => undefined),
  }
  return { ...ports, kept, walk: createOauthWalk(ports) }
}

const came = 'https://photos.example.com/auth/login?code=1&state=2'

describe('to the login service and back', () => {
  it('leads to where Gran wanted to go', async () => {
    const { walk, post, assign, forgetPerson, kept } = browser()
    await walk.begin({ purpose: 'sign-in', target: '/albums/7' })
    expect(post).toHaveBeenCalledWith('/oauth/authorize', {
      redirectUri: 'https://photos.example.com/auth/login',
    })
    expect(assign).toHaveBeenLastCalledWith('https://auth.home.example/auth?x=1')
    await walk.finish(came)
    expect(post).toHaveBeenLastCalledWith('/oauth/callback', { url: came })
    expect(forgetPerson).toHaveBeenCalledTimes(1)
    expect(assign).toHaveBeenLastCalledWith('/albums/7')
    expect(kept.size).toBe(0)
  })

  it('links the account that is open, and forgets nobody', async () => {
    const { walk, post, assign, forgetPerson } = browser()
    await walk.begin({ purpose: 'link', target: '/account/sign-in' })
    await walk.finish(came)
    expect(post).toHaveBeenLastCalledWith('/oauth/link', { url: came })
    expect(forgetPerson).not.toHaveBeenCalled()
    expect(assign).toHaveBeenLastCalledWith('/account/sign-in')
  })

  it.each([
    '{"target":"//evil.example"}',
    '{"target":"javascript:alert(1)"}',
    '{"target":7}',
    'no JSON',
    'null',
  ])('leads nowhere else, whatever the browser remembers: %s', async (text) => {
    const { walk, assign, kept } = browser()
    kept.set('porchlight.oauth', text)
    await walk.finish(came)
    expect(assign).toHaveBeenLastCalledWith('/photos')
  })

  it('knows that it came back by state and code, or by a no', () => {
    const at = (search: string) => comesBack(new URL(`https://photos.example.com/auth/login${search}`))
    expect([at('?code=1&state=2'), at('?error=access_denied&state=2')]).toEqual([true, true])
    expect([at(''), at('?code=1'), at('?continue=/x'), at('?state=2')]).toEqual([false, false, false, false])
  })
})

describe('the sign-in page', () => {
  it.each([
    [true, '', true],
    [true, '?autoLaunch=0', false],
    [true, '?password=1', false],
    [true, '?password=true', false],
    [false, '', false],
    [false, '?autoLaunch=1', true],
  ])('with auto-launch %s and %j goes on by itself: %s', (autoLaunch, search, goes) => {
    const url = new URL(`https://photos.example.com/auth/login${search}`)
    expect(launchesItself({ enabled: true, autoLaunch }, url)).toBe(goes)
    expect(launchesItself({ enabled: false, autoLaunch }, url)).toBe(false)
    expect(launchesItself({ enabled: true, autoLaunch, forApps: true }, url)).toBe(false)
  })

  it('says what a person can do', () => {
    const problem = (message: string, status: number, code?: string) =>
      oauthProblem(new ApiProblem(message, { kind: 'refused', status, code }))
    expect(problem('x', 503, 'issuer_unreachable')).toContain('does not answer')
    expect(problem('Failed to finish oauth', 500)).toContain('Activity')
    expect(problem('OAuth state is missing', 400)).toContain('Try again')
    expect(problem('OAuth authentication failed', 400)).toContain('admin')
    expect(problem('OAuth profile does not have an email address', 400)).toContain('email')
  })
})
