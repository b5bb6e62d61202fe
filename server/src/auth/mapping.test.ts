import type { Identity } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { trustedHeaderDefaults } from '../config/trusted-header-settings.ts'
import { gran, person } from '../../test/front-door-in-memory.ts'
import { mapping, type KnownAccounts, type MappingRules } from './mapping.ts'

const account = person

type Asked = {
  known?: KnownAccounts
  said?: Partial<Identity>
  rules?: Partial<MappingRules>
  signsIn?: boolean
}
const asked = ({ known = { byEmail: account() }, said = {}, rules = {}, signsIn = true }: Asked) =>
  mapping({
    known,
    identity: { email: gran, ...said },
    rules: { ...trustedHeaderDefaults, ...rules },
    signsIn,
  })

const admit = (changes: object, more: object = {}) => ({ do: 'admit', changes, emailTaken: false, ...more })
const refuse = (code: string) => ({ do: 'refuse', code })
const byPassword = { byEmail: account({ madeBy: 'password' }) }
const bound = { byId: account({ headerId: '7' }) }
const boundElsewhere = { byEmail: account({ headerId: '7' }) }

test.each<[string, Asked, object]>([
  ['her account is known', {}, admit({})],
  ['nobody knows her', { known: {} }, { do: 'register' }],
  ['her account was deleted', { known: { byEmail: account({ deletedAt: 'x' }) } }, refuse('account_deleted')],
  [
    'it was deleted and is bound',
    { known: { byId: account({ headerId: '7', deletedAt: 'x' }) }, said: { id: '7' } },
    refuse('account_deleted'),
  ],

  ['a password made it, and linking is by address', { known: byPassword }, admit({})],
  [
    'a password made it, and nothing is linked',
    { known: byPassword, rules: { linkExisting: 'never' } },
    refuse('account_not_linked'),
  ],
  ['a header made it, and nothing is linked', { rules: { linkExisting: 'never' } }, admit({})],

  ['an id comes for the first time', { said: { id: '7' } }, admit({ headerId: '7' })],
  ['her id comes again', { known: bound, said: { id: '7' } }, admit({})],
  ['the address comes with another id', { known: boundElsewhere, said: { id: '8' } }, refuse('id_mismatch')],
  ['ids are not read any more', { known: boundElsewhere }, admit({})],
  [
    'the id comes with a new address',
    { known: bound, said: { id: '7', email: 'new@home.example' } },
    admit({ email: 'new@home.example' }),
  ],
  [
    'the id comes with an address that somebody else has here',
    {
      known: { ...bound, byEmail: account({ id: 'a', email: 'anna@home.example' }) },
      said: { id: '7', email: 'anna@home.example' },
    },
    admit({}, { emailTaken: true, account: bound.byId }),
  ],

  [
    'a group is needed and she is in it',
    { rules: { memberGroup: 'family' }, said: { groups: ['cats', 'family'] } },
    admit({}),
  ],
  [
    'a group is needed and she is in another',
    { rules: { memberGroup: 'family' }, said: { groups: ['cats'] } },
    refuse('not_a_member'),
  ],
  [
    'a group is needed and only its case differs',
    { rules: { memberGroup: 'family' }, said: { groups: ['Family'] } },
    refuse('not_a_member'),
  ],
  [
    'a group is needed and hers only begins so',
    { rules: { memberGroup: 'family' }, said: { groups: ['family,admins'] } },
    refuse('not_a_member'),
  ],
  [
    'a group is needed and groups are empty',
    { rules: { memberGroup: 'family' }, said: { groups: [] } },
    refuse('not_a_member'),
  ],
  ['a group is needed and no groups were sent', { rules: { memberGroup: 'family' } }, refuse('not_a_member')],
  [
    'a group is needed, she is not in it and unknown',
    { known: {}, rules: { memberGroup: 'family' } },
    refuse('not_a_member'),
  ],

  [
    'groups say nothing of admins',
    { known: { byEmail: account({ isAdmin: true }) }, said: { groups: [] } },
    admit({}),
  ],
  [
    'she joined the admins',
    { rules: { adminGroup: 'admins' }, said: { groups: ['admins'] } },
    admit({ isAdmin: true }),
  ],
  [
    'she left the admins',
    {
      known: { byEmail: account({ isAdmin: true }) },
      rules: { adminGroup: 'admins' },
      said: { groups: ['cats'] },
    },
    admit({ isAdmin: false }),
  ],
  [
    'an admin’s groups were not sent',
    { known: { byEmail: account({ isAdmin: true }) }, rules: { adminGroup: 'admins' } },
    admit({ isAdmin: false }),
  ],
  [
    'she is an admin and in the group',
    {
      known: { byEmail: account({ isAdmin: true }) },
      rules: { adminGroup: 'admins' },
      said: { groups: ['admins'] },
    },
    admit({}),
  ],
  [
    'groups also count in the middle of a session',
    { signsIn: false, rules: { adminGroup: 'admins' }, said: { groups: ['admins'] } },
    admit({ isAdmin: true }),
  ],

  ['she is called otherwise now', { said: { name: 'Grandma' } }, admit({ name: 'Grandma' })],
  ['she is called as before', { said: { name: 'Gran' } }, admit({})],
  ['the name is empty', { said: { name: '' } }, admit({})],
  ['the name stays as people set it', { said: { name: 'Grandma' }, rules: { syncProfile: [] } }, admit({})],
  ['the name comes in the middle of a session', { signsIn: false, said: { name: 'Grandma' } }, admit({})],
  ['a quota comes', { said: { quotaBytes: 5 }, rules: { syncProfile: ['quota'] } }, admit({ quotaBytes: 5 })],
  [
    'a quota of nothing comes',
    { said: { quotaBytes: 0 }, rules: { syncProfile: ['quota'] } },
    admit({ quotaBytes: 0 }),
  ],
  [
    'the quota is lifted',
    {
      known: { byEmail: account({ quotaBytes: 5 }) },
      said: { quotaBytes: null },
      rules: { syncProfile: ['quota'] },
    },
    admit({ quotaBytes: null }),
  ],
  [
    'no quota was sent',
    { known: { byEmail: account({ quotaBytes: 5 }) }, rules: { syncProfile: ['quota'] } },
    admit({}),
  ],
  [
    'the quota is as before',
    {
      known: { byEmail: account({ quotaBytes: 5 }) },
      said: { quotaBytes: 5 },
      rules: { syncProfile: ['quota'] },
    },
    admit({}),
  ],
  ['no picture was sent', { rules: { syncProfile: ['picture'] } }, admit({})],
  ['a picture comes that nobody asked for', { said: { picture: 'https://x.example/g.jpg' } }, admit({})],
  ['a quota comes that nobody asked for', { said: { quotaBytes: 5 } }, admit({})],
  [
    'a picture comes',
    { said: { picture: 'https://x.example/g.jpg' }, rules: { syncProfile: ['picture'] } },
    admit({ picture: 'https://x.example/g.jpg' }),
  ],
  [
    'the picture is empty',
    { said: { picture: '' }, rules: { syncProfile: ['picture'] } },
    admit({ picture: '' }),
  ],
])('when %s', (_when, question, outcome) => {
  const found = asked(question)
  expect(found).toMatchObject(outcome)
  // All of the changes, not only those that were looked for.
  expect('changes' in found ? found.changes : undefined).toStrictEqual(
    'changes' in outcome ? outcome.changes : undefined,
  )
})
