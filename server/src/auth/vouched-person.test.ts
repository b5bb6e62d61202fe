import { expect, test } from 'vitest'
import { trustedHeaderDefaults } from '../config/trusted-header-settings.ts'
import type { NewUser, User, Users } from '../users/users.ts'
import { vouchedPerson } from './vouched-person.ts'

const gran = 'gran@home.example'
const account = (changes: Partial<User> = {}) =>
  ({ id: 'g', email: gran, madeBy: 'password', deletedAt: null, ...changes }) as User

/** A household of at most one known account; whom it is asked to add is kept. */
function household({ known, hasAdmin = true, raced }: { known?: User; hasAdmin?: boolean; raced?: User }) {
  const added: NewUser[] = []
  const users = {
    byEmail: async () => known,
    hasAdmin: async () => hasAdmin,
    addIfMissing: async (user: NewUser) => {
      added.push(user)
      return { user: raced ?? account({ madeBy: 'trusted-header', email: user.email }), isNew: !raced }
    },
  } as unknown as Users
  return { users, added }
}

const never = { ...trustedHeaderDefaults, linkExisting: 'never' as const }
const closed = { ...trustedHeaderDefaults, autoRegister: false }

test.each<[string, Parameters<typeof household>[0], typeof trustedHeaderDefaults, object]>([
  ['gran is known', { known: account() }, trustedHeaderDefaults, { user: account() }],
  [
    'her account was deleted',
    { known: account({ deletedAt: 'x' }) },
    trustedHeaderDefaults,
    { refused: 'account_deleted' },
  ],
  [
    'headers may not open accounts with a password',
    { known: account() },
    never,
    { refused: 'account_not_linked' },
  ],
  [
    'a header made her account',
    { known: account({ madeBy: 'trusted-header' }) },
    never,
    { user: account({ madeBy: 'trusted-header' }) },
  ],
  ['nobody has registered yet', { hasAdmin: false }, trustedHeaderDefaults, { refused: 'no_admin_yet' }],
  ['strangers get no account', {}, closed, { refused: 'unknown_person' }],
  ['she is known, and strangers get no account', { known: account() }, closed, { user: account() }],
  [
    'an account with a password appears at the same moment',
    { raced: account() },
    never,
    { refused: 'account_not_linked' },
  ],
])('when %s', async (_when, who, settings, outcome) => {
  const { users, added } = household(who)
  expect(await vouchedPerson(users, gran, settings)).toEqual(outcome)
  expect(added).toHaveLength(who.raced ? 1 : 0)
})

test('a stranger gets an account without a password, named by the address, and never an admin', async () => {
  const { users, added } = household({})
  expect(await vouchedPerson(users, gran, trustedHeaderDefaults)).toMatchObject({ user: { email: gran } })
  expect(added).toEqual([{ email: gran, name: 'gran', passwordHash: null }])
})
