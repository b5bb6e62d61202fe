import type { AccountClaims } from '../stacks/oidc-parts.ts'
import type { PortalAnswer } from '../stacks/scripted-portal.ts'

/** The UTF-8 bytes of the text as a raw header carries them. */
export const bytes = (text: string): string => Buffer.from(text).toString('latin1')

type Giver = { portal: PortalAnswer; claims: AccountClaims }

/** A login service that says this of somebody, by header and by claim. */
const says = (email: string, { name = '', user = '', groups = '' } = {}): Giver => ({
  portal: {
    headers: [
      `Remote-User: ${bytes(user)}`,
      `Remote-Email: ${bytes(email)}`,
      `Remote-Name: ${bytes(name)}`,
      `Remote-Groups: ${bytes(groups)}`,
    ],
  },
  claims: {
    email,
    email_verified: true,
    ...(name && { name }),
    ...(user && { preferred_username: user }),
    ...(groups && { groups: groups.split(',') }),
  },
})

const gran = { user: 'gran', name: 'Gran' }

/** What login services say; the names stand in the `as` of a case. */
export const givers = {
  gran: says('gran@home.example', gran),
  anna: says('anna@home.example', { user: 'anna', name: 'Anna' }),
  admin: says('admin@home.example', { user: 'admin', name: 'Admin' }),
  'nobody at all': { portal: { status: 200 }, claims: { email: undefined } },
  'a name without an address': {
    portal: { headers: ['Remote-User: gran'] },
    claims: { email: undefined, preferred_username: 'gran' },
  },
  'an empty address': { portal: { headers: ['Remote-Email:'] }, claims: { email: '', email_verified: true } },
  '204 and nothing else': { portal: { status: 204 }, claims: { email: undefined } },
  'two addresses': {
    portal: { headers: ['Remote-Email: gran@home.example', 'Remote-Email: admin@home.example'] },
    claims: { email: ['gran@home.example', 'admin@home.example'], email_verified: true },
  },
  'the same address twice': {
    portal: { headers: ['Remote-Email: gran@home.example', 'Remote-Email: gran@home.example'] },
    claims: { email: ['gran@home.example', 'gran@home.example'], email_verified: true },
  },
  'an address with an underscore header': {
    portal: { headers: ['Remote_Email: anna@home.example'] },
    claims: { email_address: 'anna@home.example' },
  },
  'an address that nobody checked': {
    portal: { headers: [] },
    claims: { email: 'admin@home.example', email_verified: false },
  },
  'a line break and a second header': {
    portal: { headers: ['Remote-Email: gran@home.example'] },
    claims: { email: 'gran@home.example\r\nRemote-Email: admin@home.example', email_verified: true },
  },
  'the text (null)': says('(null)', { name: '(null)' }),
  'a placeholder of Caddy': says('{http.reverse_proxy.header.Remote-Email}'),
  'K as a Kelvin sign': says('\u212Aate@home.example'),
  'a dotless i': says('adm\u0131n@home.example'),
  'a full-width @': says('admin\uFF20home.example'),
  'gran in capitals': says('GRAN@HOME.EXAMPLE', gran),
  'two at signs': says('admin@home.example@evil.example'),
  'a page of its own, 401': { portal: { status: 401, body: '<h1>Who are you?</h1>' }, claims: {} },
  'no, 403': { portal: { status: 403 }, claims: {} },
  'nothing, it hangs up': { portal: { hangsUp: true }, claims: {} },
  'gran, after a second': {
    portal: { ...says('gran@home.example', gran).portal, afterMs: 1000 },
    claims: { email: 'gran@home.example', email_verified: true },
  },
  'an admin by group': says('anna@home.example', { user: 'anna', groups: 'family,admins' }),
  'a group named like an admin': says('anna@home.example', { user: 'anna', groups: 'family,photo-admins' }),
  'no groups': {
    portal: { headers: ['Remote-User: anna', 'Remote-Email: anna@home.example'] },
    claims: { email: 'anna@home.example', email_verified: true, preferred_username: 'anna' },
  },
  'gran with another id': says('gran@home.example', { user: 'gran-2', name: 'Gran' }),
  'gran with a new address': says('gran.new@home.example', { user: 'gran', name: 'Gran' }),
  stranger: says('stranger@home.example', { user: 'stranger', name: 'Stranger' }),
  ...newcomers(),
} satisfies Record<string, Giver>

export type GiverName = keyof typeof givers

export const portalLines = (name: GiverName): readonly string[] =>
  portalAnswers[cookieNameOf(name)]?.headers ?? []

/** People who have never been here, one for each proxy, so that each can be seen for the first time. */
function newcomers() {
  const fronts = ['caddy', 'nginx', 'haproxy', 'apache', 'none'] as const
  const each = <Kind extends string>(kind: Kind, make: (email: string) => Giver) =>
    Object.fromEntries(
      fronts.map((front) => [`${kind} by ${front}`, make(`${kind}-${front}@home.example`)]),
    ) as {
      [Name in `${Kind} by ${(typeof fronts)[number]}`]: Giver
    }
  return {
    ...each('newcomer', (email) => says(email, { name: 'Newcomer' })),
    ...each('zoe', (email) => says(email, { name: 'Oma Zo\u00EB \u7956\u6BCD' })),
    ...each('renee', (email) => ({
      portal: { headers: [`Remote-Email: ${email}`, 'Remote-Name: Ren\u00E9e'] },
      claims: { email },
    })),
    ...each('crowd', (email) => says(email, { name: 'Crowd' })),
    ...each('guest', (email) => says(email, { name: 'Guest' })),
    ...each('mate', (email) => says(email, { name: 'Mate', groups: 'family' })),
  }
}

export const portalAnswers: Record<string, PortalAnswer> = Object.fromEntries(
  Object.entries(givers).map(([name, { portal }]) => [cookieNameOf(name), portal]),
)

export const claimsByAccount: Record<string, AccountClaims> = Object.fromEntries(
  Object.entries(givers).map(([name, { claims }]) => [cookieNameOf(name), claims]),
)

/** A name that fits into a cookie and an account. */
export function cookieNameOf(name: string): string {
  return name.replace(/[^a-z0-9]+/gi, '-')
}
