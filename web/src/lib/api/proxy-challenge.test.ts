import { describe, expect, it, vi } from 'vitest'
import { createProxyChallenge } from './proxy-challenge.ts'

function pageLoads() {
  const kept = new Map<string, string>()
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const reload = vi.fn<() => void>()
  let time = 1_000_000
  return {
    reload,
    /** Every page load makes its own, over the same session storage. */
    load: () => createProxyChallenge({ store, now: () => time, reload }),
    wait: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

describe('the one navigation to the proxy', () => {
  it('happens at the first challenge', () => {
    const { load, reload } = pageLoads()
    expect(load().navigate()).toBe(true)
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('never loops, however slow the pages load, while nobody gets through', () => {
    const { load, reload, wait } = pageLoads()
    for (let page = 0; page < 20; page++) {
      load().navigate()
      wait(30_000)
    }
    expect(reload).toHaveBeenCalledTimes(1)
  })

  it('happens again for a session that ends later', () => {
    const { load, reload, wait } = pageLoads()
    load().navigate()
    load().passed()
    wait(10_000)
    expect(load().navigate()).toBe(true)
    expect(reload).toHaveBeenCalledTimes(2)
  })

  it('waits ten seconds even when somebody got through', () => {
    const { load, wait } = pageLoads()
    load().navigate()
    load().passed()
    wait(9_999)
    expect(load().navigate()).toBe(false)
  })

  it('does not happen in a page that cannot remember it', () => {
    const reload = vi.fn<() => void>()
    const broken = (): never => {
      throw new Error('storage is blocked')
    }
    const challenge = createProxyChallenge({
      store: { getItem: broken, setItem: broken },
      now: () => 0,
      reload,
    })
    expect(challenge.navigate()).toBe(false)
    challenge.passed()
    expect(reload).not.toHaveBeenCalled()
  })
})
