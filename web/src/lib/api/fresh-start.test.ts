import { describe, expect, it } from 'vitest'
import { createFreshStart } from './fresh-start.ts'

const never = new Promise<never>(() => {})

function leaving({ mayReload = true, pathname = '/photos', forgets = Promise.resolve() } = {}) {
  const done: string[] = []
  const start = createFreshStart({
    blank: () => void done.push('blank'),
    forget: () => forgets.then(() => void done.push('forget')),
    challenge: {
      navigate() {
        if (mayReload) done.push('reload')
        return mayReload
      },
    },
    location: { pathname, replace: (page) => void done.push(String(page)) },
    stays: () => void done.push('stays'),
    wait: async () => undefined,
  })
  return { done, ...start }
}

describe('making room for the next person', () => {
  it('empties the screen before anything that takes time, forgets, and loads the page anew', async () => {
    const page = leaving()
    const over = page.startOver()
    expect(page.done).toEqual(['blank'])
    await over
    expect(page.done).toEqual(['blank', 'forget', 'reload'])
  })

  it('goes to the sign-in page where loading anew was tried just now', async () => {
    const page = leaving({ mayReload: false })
    await page.startOver()
    expect(page.done.at(-1)).toBe('/auth/login?autoLaunch=0')
  })

  it('leaves once, however many answers say so', async () => {
    const page = leaving()
    await Promise.all([page.startOver(), page.startOver(), page.goTo('/auth/signed-out')])
    expect(page.done).toEqual(['blank', 'forget', 'reload'])
  })

  it('does not wait for a browser that cannot forget', async () => {
    const page = leaving({ forgets: never })
    await page.startOver()
    expect(page.done).toEqual(['blank', 'reload'])
  })

  it('leaves the sign-in page standing, which shows nobody', async () => {
    const page = leaving({ mayReload: false, pathname: '/auth/login' })
    await page.startOver()
    await page.startOver()
    expect(page.done).toEqual(['forget', 'stays', 'forget', 'stays'])
  })

  it('goes to the page that it is told', async () => {
    const page = leaving()
    await page.goTo('/auth/signed-out')
    expect(page.done).toEqual(['blank', 'forget', '/auth/signed-out'])
  })
})
