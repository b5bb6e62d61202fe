import type { Policy } from '@porchlight/trusted-header'
import type { Canary } from './canary.ts'
import type { Place, Probe, Trick } from './sign-in-check.ts'

/** The headers of the settings in force that say who is there, by what they say. */
export type NamedField = 'email' | 'id' | 'name' | 'groups' | 'picture'

type Knock = { path: string; lines?: readonly string[] }

/** One path of each kind that proxies treat in their own way. None of them exists or changes anything. */
const places: Record<Place, Knock> = {
  page: { path: '/photos', lines: ['Accept: text/html'] },
  api: { path: '/api/users/me', lines: ['Accept: application/json'] },
  websocket: {
    path: '/api/socket.io/?EIO=4&transport=websocket',
    lines: [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: cG9yY2hsaWdodC1jaGVjaw==',
    ],
  },
  'api-key': { path: '/api/users/me', lines: ['x-api-key: canary'] },
  bearer: { path: '/api/users/me', lines: ['Authorization: Bearer canary'] },
  'link-key': { path: '/api/users/me?key=canary' },
  'share-page': { path: '/share/canary', lines: ['Accept: text/html'] },
  'short-link': { path: '/s/canary', lines: ['Accept: text/html'] },
  static: { path: '/favicon.svg' },
  'app-file': { path: '/_app/immutable/canary.js' },
  ping: { path: '/api/server/ping' },
  'well-known': { path: '/.well-known/immich' },
}

export const placeNames = Object.keys(places) as readonly Place[]

/** Tried everywhere; the others only where a proxy would treat them in the same way everywhere. */
const everywhere: readonly Trick[] = ['nothing', 'own-name', 'underscore']
const tricksAt: Partial<Record<Place, readonly Trick[]>> = {
  page: ['odd-case', 'twice', 'dot', 'no-dash', 'connection', 'secret', 'other-host'],
  api: ['odd-case', 'twice', 'dot', 'no-dash', 'connection', 'secret'],
  'api-key': ['twice', 'dot', 'connection', 'secret'],
  'share-page': ['twice', 'dot'],
  ping: ['other-host'],
}
/** What a browser lets a page send. */
const inBrowser: readonly Trick[] = ['nothing', 'own-name', 'underscore', 'no-dash', 'secret']
const browserPlaces: readonly Place[] = ['page', 'api', 'api-key', 'link-key', 'share-page', 'static', 'ping']

/** What is sent, without ifs: the same for the same policy and canary, so that a probe is known by its id. */
export function planProbes(policy: Policy, canary: Canary, by: 'server' | 'browser'): Probe[] {
  const probes: Probe[] = []
  for (const place of by === 'server' ? placeNames : browserPlaces) {
    for (const trick of [...everywhere, ...(tricksAt[place] ?? [])]) {
      if (by === 'browser' && !inBrowser.includes(trick)) continue
      if (!makesSense(trick, policy)) continue
      const { path, lines = [] } = places[place]
      const extra = trickLines(trick, { policy, canary, lines })
      for (const as of ['nobody', 'you'] as const)
        probes.push({ id: [by, place, trick, as].join(':'), place, trick, as, by, path, lines: extra })
    }
  }
  return probes
}

function makesSense(trick: Trick, policy: Policy): boolean {
  if (trick === 'secret') return policy.secret !== undefined
  const respells = trick === 'underscore' || trick === 'dot' || trick === 'no-dash'
  return !respells || readHeaders(policy).some(([, name]) => name.includes('-'))
}

/** The headers that are read: with an assertion configured, that one alone. */
export function readHeaders({
  headers,
  assertion,
}: Policy): [field: NamedField | 'assertion', name: string][] {
  if (assertion) return [['assertion', assertion.header]]
  const fields: NamedField[] = ['email', 'id', 'name', 'groups', 'picture']
  return fields.flatMap((field): [NamedField, string][] => {
    const name = headers[field]
    return name === undefined ? [] : [[field, name]]
  })
}

function valueFor(field: NamedField | 'assertion', canary: Canary): string {
  if (field === 'email') return canary.email
  return field === 'picture' ? canary.picture : canary.word
}

type Making = { policy: Policy; canary: Canary; lines: readonly string[] }

function trickLines(trick: Trick, { policy, canary, lines }: Making): readonly string[] {
  const named = readHeaders(policy).map(([field, name]): [string, string] => [name, valueFor(field, canary)])
  const spelled = (spell: (name: string) => string) => [
    ...lines,
    ...named.map(([name, value]) => `${spell(name)}: ${value}`),
  ]
  switch (trick) {
    case 'nothing':
      return lines
    case 'other-host':
      return [...lines, `Host: ${canary.word}.porchlight.invalid`]
    case 'own-name':
      return spelled(titled)
    case 'odd-case':
      return spelled(odd)
    case 'twice':
      return [...spelled(titled), ...named.map(([name, value]) => `${name}: ${value}`)]
    case 'underscore':
      return spelled((name) => titled(name).replaceAll('-', '_'))
    case 'dot':
      return spelled((name) => titled(name).replaceAll('-', '.'))
    case 'no-dash':
      return spelled((name) => titled(name).replaceAll('-', ''))
    case 'connection':
      return [...spelled(titled), `Connection: close, ${named.map(([name]) => titled(name)).join(', ')}`]
    case 'secret':
      return policy.secret ? [...lines, `${titled(policy.secret.header)}: ${canary.secret}`] : lines
  }
}

/** `remote-email` -> `Remote-Email`, as proxies and people write it. */
export const titled = (name: string): string => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())

/** `remote-email` -> `rEmOtE-EmAiL`. */
const odd = (name: string): string =>
  Array.from(name, (letter, index) => (index % 2 === 0 ? letter : letter.toUpperCase())).join('')
