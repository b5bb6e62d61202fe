import { z } from 'zod'

export { canaryOf } from './canary.ts'

/** A probe carries its nonce in this header… */
export const checkHeader = 'X-Porchlight-Check'
/** …and the answer says in this one what of the probe arrived. */
export const sawHeader = 'X-Porchlight-Saw'
/** The check header as raw probes spell it: by what becomes of the letters, proxies are told apart. */
export const oddCheckHeader = 'x-PORCHLIGHT-check'

/** What a header is to the settings in force; `alias` is another spelling of one of them. */
const fields = [
  'email',
  'id',
  'name',
  'groups',
  'picture',
  'quota',
  'secret',
  'assertion',
  'alias',
  'other',
] as const

const sightedHeader = z.object({
  /** As it was spelled. */
  name: z.string(),
  field: z.enum(fields),
  lines: z.int(),
  /** What its values are: the probe's own, a template nobody filled in, empty, or something else. */
  holds: z.array(z.enum(['canary', 'placeholder', 'nothing', 'something'])),
  /** Decoded and masked. */
  value: z.string(),
})

/** What this server saw of one request. Names and values of people are masked in it. */
export const sighting = z.object({
  peer: z.string().nullable(),
  /** The entry of the trusted networks that the peer is in. */
  network: z.string().nullable(),
  /** Whether the peer is who may speak for others: in a trusted network, or on the trusted unix socket. */
  trusted: z.boolean(),
  host: z.string(),
  verdict: z.union([
    z.object({ refused: z.string() }),
    z.object({ who: z.enum(['canary', 'somebody']), email: z.string() }),
  ]),
  /** How the name of the check header was spelled on arrival: proxies have habits. */
  spelling: z.enum(['kept', 'lower', 'canonical', 'other']),
  headers: z.array(sightedHeader),
  /** Names of the headers by which a proxy says where a request came from. */
  forwarded: z.array(z.string()),
})

export type HeaderField = (typeof fields)[number]
export type SightedHeader = z.infer<typeof sightedHeader>
export type Sighting = z.infer<typeof sighting>

/** nginx takes 4 kB for all headers of an answer, and answers 502 to more. */
const longestSighting = 3000

/** For a header: base64url, since a value may hold any character. What does not fit is left off from the end. */
export function encodeSighting(seen: Sighting): string {
  const text = Buffer.from(JSON.stringify(seen)).toString('base64url')
  if (text.length <= longestSighting || seen.headers.length === 0) return text
  return encodeSighting({ ...seen, headers: seen.headers.slice(0, -1) })
}

/** Undefined for anything that is not a sighting: the text came over the network. */
export function decodeSighting(text: string | undefined): Sighting | undefined {
  if (text === undefined || text.length > 16_384) return undefined
  try {
    return sighting.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return undefined
  }
}

/** Where a probe knocks. */
export type Place =
  | 'page'
  | 'api'
  | 'websocket'
  | 'api-key'
  | 'bearer'
  | 'link-key'
  | 'share-page'
  | 'short-link'
  | 'static'
  | 'app-file'
  | 'ping'
  | 'well-known'

/** What a probe tries. */
export type Trick =
  | 'nothing'
  | 'own-name'
  | 'odd-case'
  | 'twice'
  | 'underscore'
  | 'dot'
  | 'no-dash'
  | 'connection'
  | 'secret'
  | 'other-host'

export type Probe = {
  id: string
  place: Place
  trick: Trick
  /** With the cookies of the admin at the login service, or without any. */
  as: 'you' | 'nobody'
  by: 'server' | 'browser'
  path: string
  /** `Name: value`, sent byte for byte, besides Host and the check header. */
  lines: readonly string[]
}

export type Answer = {
  status: number
  saw?: Sighting | undefined
  server?: string | undefined
  via?: string | undefined
  location?: string | undefined
}

export type Observation = { probe: Probe; answer: Answer | { failed: string } }

/** Lines to add, and where. `{…}` is filled in by hand. */
export const mend = z.object({ proxy: z.string(), where: z.string(), lines: z.array(z.string()) })
export type Mend = z.infer<typeof mend>

/** One finding, in words. */
export const line = z.object({
  id: z.string(),
  level: z.enum(['good', 'warn', 'bad', 'unknown']),
  title: z.string(),
  reason: z.string(),
  sent: z.string().optional(),
  arrived: z.string().optional(),
  mend: mend.optional(),
})
export type Line = z.infer<typeof line>

export type ProxyKind = 'caddy' | 'nginx' | 'haproxy' | 'apache' | 'traefik' | 'envoy' | 'unknown'

/** The checks that are under way, kept in the database: every server process and the command line know them. */
export type CheckNonces = {
  start(): Promise<{ nonce: string; expiresAt: Date }>
  isLive(nonce: string): Promise<boolean>
}

/** What a request would lead to: the verdict, and the account as it would be. */
export const tryout = z.object({
  verdict: z.union([
    z.object({
      identity: z.object({
        email: z.string(),
        id: z.string().optional(),
        name: z.string().optional(),
        groups: z.array(z.string()).optional(),
        picture: z.string().optional(),
        quotaBytes: z.number().nullish(),
      }),
    }),
    z.object({ refused: z.string(), explanation: z.string() }),
  ]),
  /** Absent when nobody is vouched for. */
  account: z
    .union([
      z.object({
        outcome: z.literal('opens'),
        userId: z.string(),
        name: z.string(),
        isAdmin: z.boolean(),
        /** Fields of the account that the proxy's word would change. */
        changes: z.array(z.string()),
      }),
      z.object({ outcome: z.literal('new') }),
      z.object({ outcome: z.literal('refused'), code: z.string() }),
    ])
    .optional(),
})

export type Tryout = z.infer<typeof tryout>
