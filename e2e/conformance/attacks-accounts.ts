import { arrivedIn, didIn, headerCase, jsonIn, nobody, personIn, storyCase } from './measure.ts'
import type { Ask, Case, Row } from './measure.ts'
import type { GiverName } from './givers.ts'
import type { FrontKind } from './lab.ts'

type Newcomer = 'newcomer' | 'renee' | 'zoe' | 'crowd' | 'guest' | 'mate'

const by = (kind: Newcomer, front: FrontKind): GiverName => `${kind} by ${front}`
const addressOf = (kind: Newcomer, front: FrontKind) => `${kind}-${front}@home.example`

/** What an account is, in a few words. */
function told({ answer, ...seen }: Awaited<ReturnType<Ask>>): string {
  const email = personIn(answer)?.replace(/-(caddy|nginx|haproxy|apache|none)@/, '@')
  if (email === undefined) return didIn({ answer, ...seen })
  const { isAdmin } = jsonIn(answer)
  return `${answer.status}: ${email}, ${isAdmin === true ? 'an admin' : 'not an admin'}`
}

/** Several people one after another; each must be what is expected of them. */
function peopleCase(of: {
  sent: string
  house?: Parameters<typeof storyCase>[0]['house'] & string
  people: readonly { as: GiverName; headers?: readonly string[]; expected: string }[]
}): Case {
  return storyCase({
    sent: of.sent,
    ...(of.house && { house: of.house }),
    tell: async (ask) => {
      const steps: string[] = []
      for (const { as, headers } of of.people) steps.push(told(await ask({ as, headers })))
      const expected = of.people.map((one) => one.expected)
      const isRight = steps.every((step, index) => step === expected[index])
      return {
        did: steps.join(', then '),
        wrong: isRight ? undefined : `expected ${expected.join(', then ')}`,
      }
    },
  })
}

const lookAlikes: Row = {
  id: 'B1',
  title: 'Addresses that look alike to some',
  cases: [
    headerCase({ as: 'K as a Kelvin sign' }),
    headerCase({ as: 'a dotless i' }),
    headerCase({ as: 'a full-width @' }),
    headerCase({ as: 'gran in capitals' }),
  ],
}

const takeovers: Row = {
  id: 'B2',
  title: 'An existing account, or the first admin, taken over by its address',
  cases: [
    headerCase({
      as: 'admin',
      house: 'no linking',
      right: [nobody],
      sent: 'the portal says: admin, and `linkExisting` is `never`',
    }),
    headerCase({
      as: 'admin',
      house: 'empty',
      right: [nobody],
      sent: 'the portal says: admin, on an empty install',
    }),
    headerCase({
      as: 'stranger',
      house: 'no newcomers',
      right: [nobody],
      sent: 'the portal says: a stranger, and `autoRegister` is off',
    }),
    storyCase({
      sent: 'the portal says: somebody new',
      tell: async (ask, { front }) => {
        const did = told(await ask({ as: by('newcomer', front.kind) }))
        return {
          did,
          wrong: did === '200: newcomer@home.example, not an admin' ? undefined : 'not a plain new account',
        }
      },
    }),
  ],
}

const movedAddresses: Row = {
  id: 'B3',
  title: 'An address that is given to somebody else, or changes',
  note: 'With `headers.id` set. The id is bound when the account is first seen.',
  cases: [
    peopleCase({
      sent: 'gran with her id, then somebody with gran’s address and another id',
      house: 'ids',
      people: [
        { as: 'gran', expected: '200: gran@home.example, not an admin' },
        { as: 'gran with another id', expected: '401 `id_mismatch`' },
      ],
    }),
    storyCase({
      sent: 'gran’s id with a new address, then with the old one',
      house: 'ids',
      tell: async (ask) => {
        const seen = [
          await ask({ as: 'gran' }),
          await ask({ as: 'gran with a new address' }),
          await ask({ as: 'gran' }),
        ]
        const ids = new Set(seen.map(({ answer }) => jsonIn(answer)['id']))
        const did = `${seen.slice(1).map(told).join(', then ')}: one account`
        return { did, wrong: ids.size === 1 && !ids.has(undefined) ? undefined : 'more than one account' }
      },
    }),
  ],
}

const plainAnna = '200: anna@home.example, not an admin'

const groups: Row = {
  id: 'B4',
  title: 'Groups: separators, look-alikes, absent ones',
  cases: [
    peopleCase({
      sent: 'anna in `family,admins`, then in `family,photo-admins` (`adminGroup` is `admins`)',
      house: 'groups',
      people: [
        { as: 'an admin by group', expected: '200: anna@home.example, an admin' },
        { as: 'a group named like an admin', expected: plainAnna },
      ],
    }),
    peopleCase({
      sent: 'anna in `family,admins`, then the header is gone',
      house: 'groups',
      people: [
        { as: 'an admin by group', expected: '200: anna@home.example, an admin' },
        { as: 'no groups', expected: plainAnna },
      ],
    }),
    headerCase({
      as: 'no groups',
      house: 'members',
      right: [nobody],
      sent: 'no groups, where `memberGroup` is `family`',
      shows: /^remote.groups/i,
    }),
    headerCase({
      as: 'no groups',
      headers: ['Remote-Groups: family', 'Remote_Groups: family'],
      from: '127.0.0.2',
      house: 'members',
      right: [nobody],
      shows: /^remote.groups/i,
      sent: 'the same, and the client adds `Remote-Groups: family`, `Remote_Groups: family`',
    }),
  ],
}

const roles: Row = {
  id: 'B5',
  title: 'A role that a client gives itself',
  cases: [
    storyCase({
      sent: '`Remote-Role: admin`, `Remote-Admin: true`; the portal says: gran',
      tell: async (ask) => {
        const seen = await ask({ as: 'gran', headers: ['Remote-Role: admin', 'Remote-Admin: true'] })
        const did = told(seen)
        const isRight = did === '200: gran@home.example, not an admin'
        return {
          arrived: arrivedIn(seen, /^remote.(role|admin)/i),
          did,
          wrong: isRight ? undefined : 'not plain gran',
        }
      },
    }),
  ],
}

const names: Row = {
  id: 'B6',
  title: 'Names beyond ASCII',
  cases: [
    storyCase({
      sent: 'the portal says: somebody new called Oma Zoë 祖母, in UTF-8',
      tell: async (ask, { front }) => {
        const seen = await ask({ as: by('zoe', front.kind) })
        const name = String(jsonIn(seen.answer)['name'])
        const arrived = arrivedIn(seen, /^remote-name/i)
        return {
          arrived,
          did: `${seen.answer.status}: ${name}`,
          wrong: name === 'Oma Zoë 祖母' ? undefined : 'another name',
        }
      },
    }),
    storyCase({
      sent: 'the portal says: somebody new called Renée, in latin1, where UTF-8 is expected',
      only: { fronts: ['caddy', 'nginx', 'haproxy', 'none'], because: 'claims are UTF-8 always' },
      tell: async (ask, { front }) => {
        const { answer } = await ask({ as: by('renee', front.kind) })
        const name = String(jsonIn(answer)['name']).replace(/-(caddy|nginx|haproxy|none)$/, '')
        return {
          did: `${answer.status}: ${name}`,
          wrong: answer.status === 200 ? undefined : 'she is kept out',
        }
      },
    }),
  ],
}

const backDoors: Row = {
  id: 'B7',
  title: 'Deleted accounts, and passwords as a back door',
  cases: [
    storyCase({
      sent: 'the portal says: somebody whose account was deleted',
      tell: async (ask, { front, house }) => {
        const first = jsonIn((await ask({ as: by('guest', front.kind) })).answer)
        await fetch(`${house.url}/api/admin/users/${String(first['id'])}`, {
          method: 'DELETE',
          headers: { 'x-api-key': house.members.admin.apiKey, 'content-type': 'application/json' },
          body: '{}',
        })
        const seen = await ask({ as: by('guest', front.kind) })
        const did = didIn(seen)
        return {
          did,
          wrong: did === '401 `account_deleted`' ? undefined : 'the account is not seen as deleted',
        }
      },
    }),
    storyCase({
      sent: 'a password sign-in of somebody who came by header, with an empty and a made-up password',
      tell: async (ask, { front }) => {
        const as = by('newcomer', front.kind)
        await ask({ as })
        const tries = ['', 'newcomer', 'password'].map((password) =>
          ask({
            as,
            method: 'POST',
            path: '/api/auth/login',
            headers: ['Content-Type: application/json'],
            body: JSON.stringify({ email: addressOf('newcomer', front.kind), password }),
          }),
        )
        const statuses = (await Promise.all(tries)).map(({ answer }) => answer.status)
        return {
          did: statuses.join(', '),
          wrong: statuses.every((status) => status >= 400) ? undefined : 'signed in',
        }
      },
    }),
  ],
}

const crowds: Row = {
  id: 'B8',
  title: 'Twenty first requests at once',
  cases: [
    storyCase({
      sent: 'the portal says: somebody new, in twenty requests at the same time',
      tell: async (ask, { front, house }) => {
        const as = by('crowd', front.kind)
        const seen = await Promise.all(Array.from({ length: 20 }, () => ask({ as })))
        const good = seen.filter(({ answer }) => answer.status === 200).length
        const users = await house.members.admin.api.get<{ email: string }[]>('/admin/users')
        const accounts = users.filter(({ email }) => email === addressOf('crowd', front.kind)).length
        const isRight = good === 20 && accounts === 1
        return {
          did: `${good} times 200, ${accounts} account`,
          wrong: isRight ? undefined : 'not one account',
        }
      },
    }),
  ],
}

/** Section B: from an identity to an account. */
export const accountAttacks: readonly Row[] = [
  lookAlikes,
  takeovers,
  movedAddresses,
  groups,
  roles,
  names,
  backDoors,
  crowds,
]
