import type { Identity } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { anna, auditInMemory, gran, peopleInMemory, person, proxy } from '../../test/front-door-in-memory.ts'
import { trustedHeaderDefaults } from '../config/trusted-header-settings.ts'
import { badRequest } from '../platform/problem.ts'
import type { User, Users } from '../users/users.ts'
import type { MappingRules } from './mapping.ts'
import { createVouchedPeople } from './vouched-people.ts'

const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true, madeBy: 'password' })

type Home = { people?: User[]; adminEmail?: string; changed?: (users: Users) => Partial<Users> }

function home({ people = [admin, person()], adminEmail, changed = () => ({}) }: Home = {}) {
  const built = peopleInMemory([...people])
  const { audit, told } = auditInMemory()
  const users = { ...built.users, ...changed(built.users) }
  const personFor = createVouchedPeople({ users, audit, adminEmail })
  const vouch = (
    identity: Identity,
    more: { near?: User; rules?: Partial<MappingRules>; onProbation?: boolean } = {},
  ) => {
    const rules = { ...trustedHeaderDefaults, ...more.rules }
    return personFor({ identity, signsIn: true, peer: proxy, ...more, rules })
  }
  return { ...built, told, vouch }
}

const opens = (changes: Partial<User>) => ({ user: expect.objectContaining(changes) })

test('Gran’s account is opened by her address', async () => {
  const { vouch, told } = home()
  expect(await vouch({ email: gran })).toEqual(opens({ id: 'gran-id' }))
  expect(told).toEqual([])
})

test('an unknown person gets an account without a password or rights, under her name', async () => {
  const { vouch, people, told } = home()
  const made = {
    email: anna,
    name: 'Anna',
    madeBy: 'trusted-header',
    isAdmin: false,
    headerId: null,
  } as const
  expect(await vouch({ email: anna, name: 'Anna' })).toEqual(opens(made))
  expect(people).toHaveLength(3)
  expect(told).toEqual([{ kind: 'first_sight', userId: `${anna}-id`, email: anna, peer: proxy }])
})

test.each([[undefined], ['']])('a person whose name is %j is called as her address begins', async (name) => {
  const identity = name === undefined ? { email: anna } : { email: anna, name }
  expect(await home().vouch(identity)).toEqual(opens({ name: 'anna' }))
})

test('an unknown person’s id is bound from the first sight', async () => {
  const { vouch } = home()
  expect(await vouch({ email: anna, id: '7' })).toEqual(opens({ headerId: '7' }))
  expect(await vouch({ email: anna, id: '8' })).toEqual({ refused: 'id_mismatch' })
})

test('an unknown person gets no account where accounts are made by hand', async () => {
  const { vouch, people, told } = home()
  const rules = { autoRegister: false }
  expect(await vouch({ email: anna }, { rules })).toEqual({ refused: 'unknown_person' })
  expect(people).toHaveLength(2)
  expect(told).toEqual([])
})

test('twenty first requests at once make one account', async () => {
  const { vouch, people, told } = home()
  const all = await Promise.all(Array.from({ length: 20 }, () => vouch({ email: anna })))
  for (const one of all) expect(one).toEqual(opens({ id: `${anna}-id` }))
  expect(people).toHaveLength(3)
  expect(told).toHaveLength(1)
})

test('on an empty install the header lets nobody in and makes nobody an admin', async () => {
  for (const adminEmail of [undefined, 'admin@home.example']) {
    const { vouch, people, told } = home({ people: [], ...(adminEmail && { adminEmail }) })
    expect(await vouch({ email: gran })).toEqual({ refused: 'no_admin_yet' })
    expect(people).toEqual([])
    expect(told).toEqual([])
  }
})

test('on an empty install the person whom the operator named becomes the admin', async () => {
  const { vouch, people, told } = home({ people: [], adminEmail: gran })
  const all = await Promise.all(Array.from({ length: 5 }, () => vouch({ email: gran, name: 'Gran' })))
  const first = { email: gran, name: 'Gran', isAdmin: true, storageLabel: 'admin' }
  for (const one of all) expect(one).toEqual(opens(first))
  expect(people).toHaveLength(1)
  const about = { userId: `${gran}-id`, email: gran, peer: proxy }
  expect(told).toEqual([
    { kind: 'first_sight', ...about },
    { kind: 'admin_granted', ...about, details: { by: 'PORCHLIGHT_ADMIN_EMAIL' } },
  ])
})

test('the named person is no admin where somebody else has become it', async () => {
  const { vouch } = home({ adminEmail: anna })
  expect(await vouch({ email: anna })).toEqual(opens({ isAdmin: false }))
})

test.each([
  ['the database answers that there is one', () => Promise.resolve(undefined)],
  ['the database refuses a second one', () => Promise.reject(badRequest('taken'))],
])(
  'when another request makes the first admin in this moment and %s, both are let in',
  async (_how, answer) => {
    const { vouch, told } = home({
      people: [],
      adminEmail: gran,
      changed: (users) => ({
        addFirstAdmin: async (user) => {
          await users.addFirstAdmin(user)
          return answer()
        },
      }),
    })
    expect(await vouch({ email: gran })).toEqual(opens({ isAdmin: true }))
    expect(told).toEqual([])
  },
)

test('where the first admin cannot be made for another reason, nobody is let in', async () => {
  const refusing = { people: [], adminEmail: gran }
  const taken = home({
    ...refusing,
    changed: () => ({ addFirstAdmin: () => Promise.reject(badRequest('x')) }),
  })
  expect(await taken.vouch({ email: gran })).toEqual({ refused: 'no_admin_yet' })
  const broken = home({
    ...refusing,
    changed: () => ({ addFirstAdmin: () => Promise.reject(new Error('disk')) }),
  })
  await expect(broken.vouch({ email: gran })).rejects.toThrow('disk')
})

test('a recycled mailbox opens nothing, and the audit names whose account it would have been', async () => {
  const { vouch, told } = home({ people: [admin, person({ headerId: '7' })] })
  expect(await vouch({ email: gran, id: '8' })).toEqual({ refused: 'id_mismatch' })
  expect(told).toEqual([
    { kind: 'identity_mismatch', code: 'id_mismatch', userId: 'gran-id', email: gran, peer: proxy },
  ])
})

test('a deleted account stays deleted, and no other is made for its address', async () => {
  const { vouch, people, told } = home({ people: [admin, person({ deletedAt: '2026-01-01' })] })
  expect(await vouch({ email: gran })).toEqual({ refused: 'account_deleted' })
  expect(people).toHaveLength(2)
  expect(told).toEqual([])
})

test('the account follows the id when the address changes', async () => {
  const { vouch } = home({ people: [admin, person({ headerId: '7' })] })
  const moved = { id: 'gran-id', email: 'new@home.example' }
  expect(await vouch({ email: moved.email, id: '7' })).toEqual(opens(moved))
})

test('an id that another request binds to another account in this moment is looked for again', async () => {
  let isFirst = true
  const { vouch, people } = home({
    people: [admin, person(), person({ id: 'anna-id', email: anna })],
    changed: (users) => ({
      bindHeaderId: async (of) => {
        if (isFirst) await users.bindHeaderId({ userId: 'anna-id', headerId: of.headerId })
        isFirst = false
        return users.bindHeaderId(of)
      },
    }),
  })
  expect(await vouch({ email: gran, id: '7' }, { near: person() })).toEqual(opens({ id: 'anna-id' }))
  expect(people.map(({ headerId }) => headerId)).toEqual([null, null, '7'])
})

test('an account that changes again and again is given up, not let in', async () => {
  let rounds = 0
  const changed = () => ({ bindHeaderId: async () => (rounds++, false) })
  await expect(home({ changed }).vouch({ email: gran, id: '7' })).rejects.toThrow('again and again')
  expect(rounds).toBe(5)
})

const bound = person({ headerId: '7' })
const other = person({ id: 'anna-id', email: anna, headerId: '9' })

test.each<[string, Identity, User | undefined, string[]]>([
  ['her address is at hand', { email: gran }, person(), []],
  ['nothing is at hand', { email: gran }, undefined, [`email ${gran}`]],
  ['somebody else is at hand', { email: gran }, other, [`email ${gran}`]],
  ['her id is at hand', { email: gran, id: '7' }, bound, []],
  ['her id is not at hand', { email: gran, id: '7' }, undefined, ['id 7']],
  ['somebody else’s id is at hand', { email: gran, id: '7' }, other, ['id 7']],
  ['her id comes with a new address', { email: 'new@x.example', id: '7' }, bound, ['email new@x.example']],
])('Gran is looked for no more than needed when %s', async (_when, identity, near, looked) => {
  const people = [admin, identity.id === undefined ? person() : bound, other]
  const { vouch, lookups } = home({ people })
  expect(await vouch(identity, { ...(near && { near }) })).toEqual(opens({ id: 'gran-id' }))
  expect(lookups).toEqual(looked)
})

test('settings that may be taken back give no rights, ids or addresses that would outlast them', async () => {
  const { vouch, people } = home({ people: [admin, person(), other] })
  const onProbation = { rules: { adminGroup: 'admins' }, onProbation: true }
  const said = { email: gran, id: '7', name: 'Grandma', groups: ['admins'] }
  expect(await vouch(said, onProbation)).toEqual(opens({ id: 'gran-id', name: 'Grandma' }))
  expect(await vouch({ email: 'new@home.example', id: '9' }, onProbation)).toEqual(opens({ id: 'anna-id' }))
  expect(people[1]).toEqual(person({ name: 'Grandma' }))
  expect(people[2]).toEqual(other)
})

test('settings that may be taken back make accounts, but bind none to an id', async () => {
  const { vouch } = home()
  const made = await vouch({ email: anna, id: '9' }, { onProbation: true })
  expect(made).toEqual(opens({ email: anna, headerId: null }))
})
