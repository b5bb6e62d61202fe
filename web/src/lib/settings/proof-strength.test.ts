import { expect, it } from 'vitest'
import { proofStrength } from './proof-strength.ts'
import { freshDraft } from './settings-draft.ts'

const bare = {
  networks: [] as string[],
  unixSocket: false,
  secret: { values: [] as string[] },
  assertion: { header: '' },
}
const strengthOf = (proofs: Partial<typeof bare>) =>
  proofStrength(freshDraft({ trustedHeader: { ...bare, ...proofs } }))

const one = ['10.3.3.7/32']
const secret = { values: ['sha256:00'] }
const assertion = { header: 'x-jwt' }

it.each([
  [{}, 0, 'No proof'],
  [{ networks: ['10.0.0.0/8'] }, 1, 'network'],
  [{ networks: ['10.3.3.7/32', 'fd00::/64'] }, 1, 'network'],
  [{ networks: one }, 2, 'network'],
  [{ networks: ['fd00::7', '10.3.3.7'] }, 2, 'network'],
  [{ secret }, 2, 'secret'],
  [{ unixSocket: true }, 3, 'unix socket'],
  [{ networks: one, secret }, 3, 'network + secret'],
  [{ networks: ['10.0.0.0/8'], secret }, 3, 'network + secret'],
  [{ assertion }, 3, 'assertion'],
  [{ networks: one, assertion }, 4, 'network + assertion'],
  [{ secret, assertion }, 4, 'secret + assertion'],
])('%j is as good as %i of 4: %s', (proofs, level, title) => {
  expect(strengthOf(proofs)).toMatchObject({ level, title })
})

it('names the network that is too wide', () => {
  expect(strengthOf({ networks: ['10.3.3.7/32', '10.0.0.0/8'] }).advice).toContain('10.0.0.0/8')
})
