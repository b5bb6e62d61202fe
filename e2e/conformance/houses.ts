import { moveIn } from '../../scripts/household-people.ts'
import type { HouseholdMember, PersonName } from '../../scripts/household-people.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight, PorchlightPlan } from '../stacks/porchlight.ts'
import type { Stage } from '../stacks/stage.ts'
import { assertionSettings } from './assertion-vectors.ts'

export const secret = 'a-secret-of-the-proxy-and-porchlight'
const proxy = ['127.0.0.1/32']
const on = { enabled: true, networks: proxy }
const withHeader = (trustedHeader: Record<string, unknown>): PorchlightPlan => ({ config: { trustedHeader } })

/** Households that differ in their settings. All of them have gran, anna and an admin, but for the empty one. */
const plans = {
  usual: withHeader({ ...on, signOutUrl: 'https://auth.photos.test/logout' }),
  off: withHeader({ enabled: false, networks: proxy }),
  'another proxy': withHeader({ enabled: true, networks: ['10.9.9.9/32'] }),
  'all addresses': { env: { PORCHLIGHT_HOST: '::' }, ...withHeader(on) },
  secret: withHeader({ ...on, secret: { values: [secret] } }),
  assertion: withHeader({ ...on, assertion: assertionSettings }),
  hosts: withHeader({ ...on, allowedHosts: ['app.photos.test'] }),
  ids: withHeader({ ...on, headers: { id: 'remote-user' } }),
  groups: withHeader({ ...on, adminGroup: 'admins' }),
  members: withHeader({ ...on, memberGroup: 'family' }),
  'no linking': withHeader({ ...on, linkExisting: 'never' }),
  'no newcomers': withHeader({ ...on, autoRegister: false }),
  'conflicts refused': withHeader({ ...on, onConflict: 'refuse' }),
  unconfigured: {},
  empty: withHeader(on),
} satisfies Record<string, PorchlightPlan>

export type HouseName = keyof typeof plans

export type House = Porchlight & { members: Record<PersonName, HouseholdMember> }

/** The street on which those households live: each moves in when it is first asked for. */
export type Houses = (name: HouseName) => Promise<House>

export function openHouses(stage: Stage): Houses {
  const open = new Map<HouseName, Promise<House>>()
  const build = async (name: HouseName): Promise<House> => {
    const server = await startPorchlight(stage, { name: name.replaceAll(' ', '-'), ...plans[name] })
    // Nobody lives in the empty one, and nobody asks for its members.
    if (name === 'empty') return { ...server, members: {} as House['members'] }
    return { ...server, members: await moveIn(server.url) }
  }
  return (name) => {
    const house = open.get(name) ?? build(name)
    open.set(name, house)
    return house
  }
}
