import { householdApi } from '../../scripts/household-api.ts'
import { moveIn, people } from '../../scripts/household-people.ts'
import type { HouseholdMember, PersonName } from '../../scripts/household-people.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight, PorchlightPlan } from '../stacks/porchlight.ts'
import type { Stage } from '../stacks/stage.ts'
import { assertionSettings } from './assertion-vectors.ts'

export const secret = 'a-secret-of-the-proxy-and-porchlight'
const proxy = ['127.0.0.1/32']
const on = { enabled: true, networks: proxy }
const withHeader = (trustedHeader: Record<string, unknown>): PorchlightPlan => ({ config: { trustedHeader } })

/** Households that differ in their settings. */
const plans = {
  usual: withHeader({ ...on, signOutUrl: 'https://auth.photos.test/logout' }),
  off: withHeader({ enabled: false, networks: proxy }),
  'another proxy': withHeader({ enabled: true, networks: ['10.9.9.9/32'] }),
  'all addresses': { env: { PORCHLIGHT_HOST: '::' }, ...withHeader(on) },
  secret: withHeader({ ...on, secret: { values: [secret] } }),
  assertion: withHeader({ ...on, assertion: assertionSettings }),
  'a trusted socket': { unixSocket: true, ...withHeader({ enabled: true, networks: [], unixSocket: true }) },
  'an untrusted socket': { unixSocket: true, ...withHeader(on) },
  hosts: withHeader({ ...on, allowedHosts: ['app.photos.test'] }),
  ids: withHeader({ ...on, headers: { id: 'remote-user' } }),
  groups: withHeader({ ...on, adminGroup: 'admins' }),
  members: withHeader({ ...on, memberGroup: 'family' }),
  'no linking': withHeader({ ...on, linkExisting: 'never' }),
  pictures: withHeader({ ...on, headers: { picture: 'remote-picture' }, syncProfile: ['name', 'picture'] }),
  'no newcomers': withHeader({ ...on, autoRegister: false }),
  'conflicts refused': withHeader({ ...on, onConflict: 'refuse' }),
  unconfigured: {},
  empty: withHeader(on),
} satisfies Record<string, PorchlightPlan>

export type HouseName = keyof typeof plans

/** Gran, anna and an admin live there from the start, with passwords and keys; elsewhere there is but an admin. */
const inhabited: readonly HouseName[] = [
  'usual',
  'secret',
  'groups',
  'no linking',
  'no newcomers',
  'conflicts refused',
  'unconfigured',
]

export type House = Porchlight & { members: Record<PersonName, HouseholdMember> }

const nobodyToAsk = new Proxy({} as House['members'], {
  get: (_, who) => {
    throw new Error(`${String(who)} does not live here; only in ${inhabited.join(', ')}`)
  },
})

/** The street on which those households live: each moves in when it is first asked for. */
export type Houses = (name: HouseName) => Promise<House>

export function openHouses(stage: Stage): Houses {
  const open = new Map<HouseName, Promise<House>>()
  const build = async (name: HouseName): Promise<House> => {
    const server = await startPorchlight(stage, { name: name.replaceAll(' ', '-'), ...plans[name] })
    if (inhabited.includes(name)) return { ...server, members: await moveIn(server.url) }
    if (name !== 'empty') await householdApi(server.url).post('/auth/admin-sign-up', people.admin)
    return { ...server, members: nobodyToAsk }
  }
  return (name) => {
    const house = open.get(name) ?? build(name)
    open.set(name, house)
    return house
  }
}
