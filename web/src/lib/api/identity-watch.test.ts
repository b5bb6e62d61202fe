import { describe, expect, it, vi } from 'vitest'
import { createIdentityWatch } from './identity-watch.ts'

function watch() {
  const onChange = vi.fn<() => void>()
  const tell = vi.fn<(identity: string) => void>()
  return { onChange, tell, watch: createIdentityWatch({ onChange, tell }) }
}

describe('watching whose answers these are', () => {
  it('is content with one person, and with answers that name nobody', () => {
    const { watch: identity, onChange } = watch()
    expect(['nobody', 'gran', null, '', 'nobody', 'gran'].every((seen) => identity.look(seen))).toBe(true)
    expect(onChange).not.toHaveBeenCalled()
  })

  it('says so when Anna answers where Gran was', () => {
    const { watch: identity, onChange } = watch()
    identity.look('gran')
    expect(identity.look('anna')).toBe(false)
    expect(onChange).toHaveBeenCalledTimes(1)
  })

  it('hears from another tab that Anna is here now', () => {
    const { watch: identity, onChange } = watch()
    identity.look('gran')
    identity.hear('gran')
    expect(onChange).not.toHaveBeenCalled()
    identity.hear('anna')
    identity.hear('anna')
    expect(onChange).toHaveBeenCalledTimes(1)
  })

  it('tells the other tabs each person once', () => {
    const { watch: identity, tell } = watch()
    for (const seen of ['gran', 'gran', 'anna', 'anna']) identity.look(seen)
    expect(tell.mock.calls).toEqual([['gran'], ['anna']])
  })

  it('goes on speaking for Gran, and takes no further answer for hers, once Anna is here', () => {
    const { watch: identity } = watch()
    expect([identity.speaksFor(), identity.isOver()]).toEqual([undefined, false])
    identity.look('gran')
    identity.look('anna')
    expect([identity.speaksFor(), identity.isOver()]).toEqual(['gran', true])
    expect(['anna', 'gran', 'nobody', null].map((seen) => identity.look(seen))).toEqual(Array(4).fill(false))
  })

  it('starts afresh after a sign-out of our own', () => {
    const { watch: identity, onChange } = watch()
    identity.look('gran')
    identity.reset()
    expect(identity.look('anna')).toBe(true)
    expect(onChange).not.toHaveBeenCalled()
  })
})
