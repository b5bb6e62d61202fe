import type { FastifyReply, FastifyRequest } from 'fastify'
import { openFrontDoor } from '../src/auth/front-door.ts'
import type { ApiKey, ApiKeys } from '../src/api-keys/api-keys.ts'
import type { AuditEvent, AuditTrail } from '../src/audit/audit.ts'
import type { Settings, SettingsInForce } from '../src/config/settings.ts'
import { systemConfigDefaults, type SystemConfig } from '../src/config/system-config.ts'
import { policyOf } from '../src/config/trusted-header-policy.ts'
import type { Logger } from '../src/platform/logger.ts'
import { badRequest } from '../src/platform/problem.ts'
import { markUnixSocket } from '../src/platform/unix-sockets.ts'
import type { NewSession, Session, Sessions } from '../src/sessions/sessions.ts'
import type { VisitAt } from '../src/sharing/sharing.ts'
import type { NewUser, User, Users } from '../src/users/users.ts'

/** The front door of a household without database, sockets and disk, for tests that must be fast. */

export const proxy = '10.3.3.1'
/** Inside no trusted network. */
export const stranger = '198.51.100.7'

export const gran = 'gran@home.example'
export const anna = 'anna@home.example'

export const person = (changes: Partial<User> = {}): User => ({
  id: 'gran-id',
  email: gran,
  name: 'Gran',
  hasPassword: false,
  madeBy: 'trusted-header',
  headerId: null,
  oauthId: null,
  isAdmin: false,
  avatarColor: 'pink',
  storageLabel: null,
  shouldChangePassword: false,
  isOnboarded: true,
  quotaBytes: null,
  usageBytes: 0,
  pictureKey: null,
  pictureSource: null,
  profileChangedAt: '',
  createdAt: '',
  updatedAt: '',
  deletedAt: null,
  ...changes,
})

export type Sent = {
  /** Of the socket; undefined as Node has it for a connection that is gone. */
  peer?: string | undefined
  viaUnixSocket?: boolean
  encrypted?: boolean
  method?: string
  url?: string
  lines?: readonly (readonly [name: string, value: string])[]
  query?: Record<string, unknown>
  /** Token of a session, in Immich's cookie. */
  cookie?: string
}

/** A request that came through the proxy, unless something else is said. */
export function requestOf(sent: Sent = {}): FastifyRequest {
  const { lines = [], method = 'GET', url = '/api/users/me', query = {}, cookie } = sent
  const socket = { remoteAddress: 'peer' in sent ? sent.peer : proxy, encrypted: sent.encrypted }
  if (sent.viaUnixSocket) markUnixSocket(socket)
  const headers: Record<string, string> = {}
  for (const [name, value] of lines) {
    const key = name.toLowerCase()
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value
  }
  const cookies = cookie === undefined ? {} : { immich_access_token: cookie }
  const raw = { socket, rawHeaders: lines.flat(), headers, method, url }
  return { raw, headers, method, url, query, cookies } as unknown as FastifyRequest
}

/** What the proxy says of a person. */
export const saying = (email: string, more: Record<string, string> = {}): [string, string][] => [
  ['Remote-Email', email],
  ...Object.entries(more),
]

/** A reply that remembers what was put on it. */
export function replyInMemory() {
  const headers: Record<string, unknown> = {}
  const cookies: Record<string, { value: string; [option: string]: unknown }> = {}
  const cleared: string[] = []
  const reply = {
    header: (name: string, value: unknown) => void (headers[name] = value),
    setCookie: (name: string, value: string, options: object) => void (cookies[name] = { value, ...options }),
    clearCookie: (name: string, { path }: { path: string }) => void cleared.push(`${name} ${path}`),
  }
  return { reply: reply as unknown as FastifyReply, headers, cookies, cleared }
}

export const clearedCookies = ['immich_access_token /', 'immich_auth_type /', 'immich_is_authenticated /']

/** The accounts of a household; `lookups` says what was looked for. */
export function peopleInMemory(people: User[]) {
  const lookups: string[] = []
  const find = (is: (user: User) => boolean) => people.find(is)
  const add = ({ passwordHash, ...user }: NewUser, isAdmin = false) => {
    if (
      find(({ email, headerId }) => email === user.email || (headerId !== null && headerId === user.headerId))
    )
      return undefined
    const { email, name, headerId = null, storageLabel = null } = user
    const madeBy = passwordHash === null ? 'trusted-header' : 'password'
    const added = person({ id: `${email}-id`, email, name, headerId, storageLabel, madeBy, isAdmin })
    people.push(added)
    return added
  }
  const users = {
    byEmail: async (email) => (lookups.push(`email ${email}`), find((user) => user.email === email)),
    byHeaderId: async (id) => (lookups.push(`id ${id}`), find((user) => user.headerId === id)),
    hasAdmin: async () => people.some(({ isAdmin }) => isAdmin),
    addIfMissing: async (user) => add(user),
    addFirstAdmin: async (user) => (people.some(({ isAdmin }) => isAdmin) ? undefined : add(user, true)),
    change: async (id, changes) => {
      const at = people.findIndex((user) => user.id === id)
      if (find((user) => user.id !== id && user.email === changes.email)) throw badRequest('taken')
      const changed = { ...people[at], ...changes } as User
      people[at] = changed
      return changed
    },
    bindHeaderId: async ({ userId, headerId }) => {
      const user = find(({ id }) => id === userId)
      if (user?.headerId !== null || find((other) => other.headerId === headerId)) return false
      people[people.indexOf(user)] = { ...user, headerId }
      return true
    },
    withdrawAdmin: async (userId) => {
      const at = people.findIndex(({ id }) => id === userId)
      if (!people.some(({ id, isAdmin }) => isAdmin && id !== userId)) return false
      people[at] = { ...people[at], isAdmin: false } as User
      return true
    },
  } satisfies Partial<Users>
  return { users: users as unknown as Users, people, lookups }
}

/** Sessions by token; the token of the session `s1` is `s1-token`. */
export function sessionsInMemory(people: User[]) {
  const live: (Pick<Session, 'id' | 'userId' | 'method'> & Partial<NewSession>)[] = []
  const seenFrom: (string | undefined)[] = []
  const begin = (session: Pick<Session, 'userId' | 'method'> & Partial<NewSession>) => {
    const id = `s${live.length + 1}`
    live.push({ ...session, id })
    return { session: { ...session, id } as unknown as Session, token: `${id}-token` }
  }
  const sessions = {
    start: async (session) => begin(session),
    byToken: async (token, from) => {
      const session = live.find(({ id }) => `${id}-token` === token)
      const user = people.find(({ id }) => id === session?.userId)
      if (!session || !user || user.deletedAt !== null) return undefined
      seenFrom.push(from?.())
      return { session: session as unknown as Session, user }
    },
    revoke: async ({ userId, sessionId }) => {
      const at = live.findIndex(({ id }) => id === sessionId)
      if (at < 0 || live[at]?.userId !== userId) return false
      live.splice(at, 1)
      return true
    },
  } satisfies Partial<Sessions>
  return { sessions: sessions as unknown as Sessions, live, seenFrom, begin }
}

export type Rules = {
  trustedHeader?: Partial<SystemConfig['trustedHeader']>
  externalDomain?: string
  passwordLogin?: boolean
  oauth?: boolean
  /** The settings may be taken back within the minute. */
  onProbation?: boolean
}

/** Settings of a household whose proxy is trusted. */
export function settingsOf(rules: Rules = {}): SettingsInForce {
  const { trustedHeader = {}, externalDomain = '', passwordLogin = true, oauth = false, onProbation } = rules
  const config: SystemConfig = {
    ...systemConfigDefaults,
    server: { ...systemConfigDefaults.server, externalDomain },
    passwordLogin: { ...systemConfigDefaults.passwordLogin, enabled: passwordLogin },
    oauth: { ...systemConfigDefaults.oauth, enabled: oauth },
    trustedHeader: {
      ...systemConfigDefaults.trustedHeader,
      enabled: true,
      networks: ['10.3.3.0/24'],
      ...trustedHeader,
    },
  }
  return { config, policy: policyOf(config), ...(onProbation && { onProbation }) }
}

/** What was told to the audit trail. */
export function auditInMemory() {
  const told: AuditEvent[] = []
  return { audit: { record: (event: AuditEvent) => void told.push(event) } as AuditTrail, told }
}

type House = Rules & { people?: User[]; adminEmail?: string; visitAt?: VisitAt }

/** A whole front door: the admin and Gran live here, unless other people are named. */
export function houseInMemory({ people, adminEmail, visitAt = async () => undefined, ...rules }: House = {}) {
  const inForce = settingsOf(rules)
  const settings = { current: async () => inForce } as unknown as Settings
  const home = peopleInMemory(
    people ?? [person({ id: 'admin-id', email: 'admin@home.example', isAdmin: true }), person()],
  )
  const signedIn = sessionsInMemory(home.people)
  const { audit, told } = auditInMemory()
  const counted: string[] = []
  const keys = new Map<string, { apiKey: ApiKey; user: User }>()
  const apiKeys = { bySecret: async (secret) => keys.get(secret) } satisfies Partial<ApiKeys>
  const door = openFrontDoor({
    logger: {} as Logger,
    clock: { now: () => new Date(0) },
    settings,
    users: home.users,
    sessions: signedIn.sessions,
    apiKeys: apiKeys as unknown as ApiKeys,
    visitAt,
    audit,
    metrics: {
      verdict: (code) => void counted.push(code),
      signedIn: (method) => void counted.push(`signed in by ${method}`),
      watchSockets: () => undefined,
    },
    adminEmail,
  })
  return { ...door, ...home, ...signedIn, settings, inForce, audit, told, counted, keys }
}
