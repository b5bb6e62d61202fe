import { expect, test } from 'vitest'
import { anna, auditInMemory, gran, peopleInMemory, person, proxy } from '../../test/front-door-in-memory.ts'
import type { User, Users } from '../users/users.ts'
import { createAccountChanges } from './account-changes.ts'
import type { AccountChanges } from './mapping.ts'

const admin = person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true })

type Home = { grans?: Partial<User>; people?: User[]; changed?: Partial<Users> }

function home({ grans = {}, people = [admin], changed = {} }: Home = {}) {
  const account = person(grans)
  const built = peopleInMemory([...people, account])
  const { audit, told } = auditInMemory()
  const followed: unknown[] = []
  const pictures = { follow: (user: User, url: string) => void followed.push([user.id, url]) }
  const apply = createAccountChanges({ users: { ...built.users, ...changed }, audit, pictures })
  const say = (changes: AccountChanges, { emailTaken = false, signsIn = false, of = account } = {}) =>
    apply({ do: 'admit', account: of, changes, emailTaken }, { signsIn, peer: proxy })
  const kept = () => built.people.find(({ id }) => id === account.id)
  return { ...built, apply, say, kept, told, followed, account }
}

const about = { userId: 'gran-id', email: gran, peer: proxy }

test('where nothing changes, nothing is written or told', async () => {
  const { say, account, told, followed } = home()
  expect(await say({}, { signsIn: true })).toBe(account)
  expect([...told, ...followed]).toEqual([])
})

test('an id is bound, and the audit says which', async () => {
  const { say, kept, told } = home()
  expect(await say({ headerId: '7' })).toMatchObject({ id: 'gran-id', headerId: '7' })
  expect(kept()?.headerId).toBe('7')
  expect(told).toEqual([{ kind: 'id_bound', ...about, details: { id: '7' } }])
})

test('an id that is somebody else’s by now is not bound, and nothing else is done', async () => {
  const { say, kept, told } = home({ people: [admin, person({ id: 'a', email: anna, headerId: '7' })] })
  expect(await say({ headerId: '7', name: 'Grandma' })).toBeUndefined()
  expect(kept()).toEqual(person())
  expect(told).toEqual([])
})

test('the address follows the id, before and after in the audit', async () => {
  const { say, kept, told } = home()
  expect(await say({ email: 'new@home.example' })).toMatchObject({ email: 'new@home.example' })
  expect(kept()?.email).toBe('new@home.example')
  const details = { before: gran, after: 'new@home.example' }
  expect(told).toEqual([{ ...about, kind: 'email_followed_id', email: 'new@home.example', details }])
})

test('an address that is taken in this very moment stays as it was, and Gran is let in', async () => {
  const { say, account, told } = home({ people: [admin, person({ id: 'a', email: anna })] })
  expect(await say({ email: anna })).toBe(account)
  expect(told).toEqual([])
})

test('what else goes wrong with an address is not passed over', async () => {
  const { say } = home({ changed: { change: () => Promise.reject(new Error('disk')) } })
  await expect(say({ email: anna })).rejects.toThrow('disk')
})

test('that the new address is somebody else’s is told once to each, not on every request', async () => {
  const { say, told } = home()
  await say({}, { emailTaken: true })
  await say({}, { emailTaken: true })
  expect(told).toEqual([{ kind: 'email_followed_id', code: 'email_taken', ...about }])
  await say({}, { emailTaken: true, of: admin })
  expect(told.map(({ userId }) => userId)).toEqual(['gran-id', 'admin-id'])
})

test('who joined the admins’ group is one, and who left it is none', async () => {
  const { say, kept, told, people } = home()
  expect(await say({ isAdmin: true })).toMatchObject({ id: 'gran-id', isAdmin: true })
  expect(kept()?.isAdmin).toBe(true)
  expect(await say({ isAdmin: false }, { of: person({ isAdmin: true }) })).toMatchObject({ isAdmin: false })
  expect(people.filter(({ isAdmin }) => isAdmin)).toEqual([admin])
  const details = { by: 'adminGroup' }
  expect(told).toEqual([
    { kind: 'admin_granted', ...about, details },
    { kind: 'admin_withdrawn', ...about, details },
  ])
})

test('the last admin stays one, which is told once', async () => {
  const { say, kept, told } = home({ people: [], grans: { isAdmin: true } })
  expect(await say({ isAdmin: false })).toMatchObject({ isAdmin: true })
  expect(await say({ isAdmin: false })).toMatchObject({ isAdmin: true })
  expect(kept()?.isAdmin).toBe(true)
  expect(told).toEqual([{ kind: 'admin_withdrawn', code: 'last_admin', ...about }])
})

test('of two people who leave the group at once, each is told of', async () => {
  const { say, told } = home({ changed: { withdrawAdmin: async () => false } })
  await say({ isAdmin: false }, { of: person({ id: 'one' }) })
  await say({ isAdmin: false }, { of: person({ id: 'two' }) })
  expect(told.map(({ userId }) => userId)).toEqual(['one', 'two'])
})

test.each<[string, AccountChanges, object]>([
  ['name', { name: 'Grandma' }, { name: 'Grandma' }],
  ['quota', { quotaBytes: 5 }, { quotaBytes: 5 }],
  ['quota of nothing', { quotaBytes: 0 }, { quotaBytes: 0 }],
  ['name and quota', { name: 'Grandma', quotaBytes: null }, { name: 'Grandma', quotaBytes: null }],
])('her %s follows, and nothing else with it', async (_what, changes, after) => {
  const { say, kept, told } = home({ grans: { quotaBytes: 9 } })
  expect(await say(changes)).toEqual(kept())
  expect(kept()).toEqual(person({ quotaBytes: 9, ...after }))
  const details = { before: { name: 'Gran', quotaBytes: 9 }, after }
  expect(told).toStrictEqual([{ kind: 'profile_synced', ...about, details }])
})

test('her picture follows, and an empty one goes', async () => {
  const { say, account, followed, told } = home()
  expect(await say({ picture: 'https://x.example/g.jpg' })).toBe(account)
  await say({ picture: '' })
  expect(followed).toEqual([
    ['gran-id', 'https://x.example/g.jpg'],
    ['gran-id', ''],
  ])
  expect(told).toEqual([])
})

test('where no pictures are fetched, a picture changes nothing', async () => {
  const { users } = peopleInMemory([])
  const apply = createAccountChanges({ users, audit: auditInMemory().audit })
  const admitted = { do: 'admit', account: person(), changes: { picture: 'https://x.example/g' } } as const
  const when = { signsIn: false, peer: undefined }
  expect(await apply({ ...admitted, emailTaken: false }, when)).toEqual(person())
})

test('that the header opens an account which another method made is told once, at a sign-in', async () => {
  const { say, told } = home({ grans: { madeBy: 'password' } })
  await say({})
  expect(told).toEqual([])
  await say({}, { signsIn: true })
  await say({}, { signsIn: true })
  expect(told).toEqual([{ kind: 'account_linked', ...about }])
  await say({}, { signsIn: true, of: { ...admin, madeBy: 'oauth' } })
  expect(told.map(({ userId }) => userId)).toEqual(['gran-id', 'admin-id'])
})

test('what was told is remembered of ten thousand people at most', async () => {
  const { say, told } = home()
  const of = (number: number) => person({ id: `p${number}` })
  for (let number = 0; number < 10_000; number++) await say({}, { emailTaken: true, of: of(number) })
  await say({}, { emailTaken: true, of: of(0) })
  expect(told).toHaveLength(10_000)
  await say({}, { emailTaken: true, of: of(10_000) })
  await say({}, { emailTaken: true, of: of(0) })
  expect(told).toHaveLength(10_002)
})
