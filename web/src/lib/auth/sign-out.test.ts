import { describe, expect, it, vi } from 'vitest'
import { ApiProblem, unreachable } from '../api/api-problem.ts'
import type { LogoutResponseDto } from '../api/api-types.ts'
import { leave } from './sign-out.ts'

function leaving(answer: string | Error) {
  const done: string[] = []
  const ports = {
    signOut: vi.fn<() => Promise<LogoutResponseDto>>(async () => {
      if (answer instanceof Error) throw answer
      return { successful: true, redirectUri: answer }
    }),
    forget: async () => void done.push('forget'),
    tellTabs: () => void done.push('tell'),
    location: {
      replace: (url: string | URL) => void done.push(`replace ${String(url)}`),
      assign: (url: string | URL) => void done.push(`assign ${String(url)}`),
    },
  }
  return { done, leave: () => leave(ports) }
}

describe('signing out', () => {
  it('tells the other tabs and forgets the person before it leaves', async () => {
    const out = leaving('/auth/signed-out')
    await out.leave()
    expect(out.done).toEqual(['tell', 'forget', 'replace /auth/signed-out'])
  })

  it('leaves to the proxy’s own sign-out', async () => {
    const out = leaving('https://auth.home.example/logout?rd=x')
    await out.leave()
    expect(out.done.at(-1)).toBe('assign https://auth.home.example/logout?rd=x')
  })

  it.each(['//elsewhere.example', 'javascript:alert(1)', '/\\elsewhere.example'])(
    'does not follow %s',
    async (target) => {
      const out = leaving(target)
      await out.leave()
      expect(out.done.at(-1)).toBe('assign /auth/signed-out')
    },
  )

  it('counts a session that has ended already as signed out', async () => {
    const out = leaving(new ApiProblem('Invalid user token', { kind: 'refused', status: 401 }))
    await out.leave()
    expect(out.done).toEqual(['tell', 'forget', 'replace /auth/signed-out'])
  })

  it('does not say signed out when the server could not be asked', async () => {
    const out = leaving(unreachable())
    await expect(out.leave()).rejects.toThrow('does not answer')
    expect(out.done).toEqual([])
  })
})
