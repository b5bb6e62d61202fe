import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { adminOnly, signedIn } from '../platform/access.ts'
import { deepMerge, type PlainObject } from '../platform/deep-merge.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, forbidden } from '../platform/problem.ts'
import { accountEvents, reportAccount } from './account-report.ts'
import { avatarColorFor } from './avatar-color.ts'
import { callerOf, hasEveryRight, sessionOf, userOf, type Caller } from './caller.ts'
import type { PasswordHashes } from './password-hash.ts'
import { defaultPreferences, preferences, preferencesUpdate, type Preferences } from './preferences.ts'
import {
  toUserAdminResponse,
  toUserResponse,
  userAdminResponse,
  userResponse,
  userUpdateMeBody,
} from './user-wire.ts'
import type { Users } from './users.ts'

export const idParams = z.object({ id: z.uuid() })

/** Ends all sessions of a person, or all but one. */
export type EndSessions = (of: { userId: string; except?: string | undefined }) => Promise<void>

type Ports = {
  users: Users
  passwords: PasswordHashes
  endSessions: EndSessions
  report: Report
  /** Whether members see each other. */
  peopleAreVisible(): Promise<boolean>
}

/** What a member sees and changes of people: mostly of himself. */
export function userRoutes(app: HttpServer, ports: Ports): void {
  const { users, peopleAreVisible } = ports
  app.get(
    '/api/users',
    {
      config: { access: signedIn('user.read') },
      schema: { tags: ['users'], response: { 200: z.array(userResponse) } },
    },
    async (request) => {
      const user = userOf(request)
      const seesEverybody = user.isAdmin || (await peopleAreVisible())
      return (seesEverybody ? await users.list() : [user]).map(toUserResponse)
    },
  )

  app.get(
    '/api/users/me',
    {
      config: { access: signedIn('user.read') },
      schema: { tags: ['users'], response: { 200: userAdminResponse } },
    },
    async (request) => toUserAdminResponse(userOf(request)),
  )

  app.get(
    '/api/users/:id',
    {
      config: { access: signedIn('user.read') },
      schema: { tags: ['users'], params: idParams, response: { 200: userResponse } },
    },
    async (request) => {
      const caller = userOf(request)
      const user = await users.byId(request.params.id)
      const sees = caller.isAdmin || user?.id === caller.id || (await peopleAreVisible())
      if (!user || user.deletedAt !== null || !sees) throw badRequest('User not found')
      return toUserResponse(user)
    },
  )

  ownAccountRoute(app, ports)
  preferenceRoutes(app, users)
  onboardingRoutes(app, users)
}

function ownAccountRoute(app: HttpServer, { users, passwords, endSessions, report }: Ports): void {
  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/users/me',
    config: { access: signedIn('user.update') },
    schema: { tags: ['users'], body: userUpdateMeBody, response: { 200: userAdminResponse } },
    handler: async (request) => {
      const caller = callerOf(request)
      const { id, email } = caller.user
      const { password, avatarColor, ...rest } = request.body
      await mayChange(caller, {
        email: rest.email !== undefined && rest.email !== email,
        password: password !== undefined,
      })
      const changed = await users.change(id, {
        ...defined(rest),
        ...(avatarColor === undefined
          ? {}
          : { avatarColor: avatarColor ?? avatarColorFor(rest.email ?? email) }),
        ...(password === undefined
          ? {}
          : { passwordHash: await passwords.hash(password), shouldChangePassword: false }),
      })
      for (const event of accountEvents(caller.user, changed, password !== undefined))
        reportAccount({ report, request }, changed, event)
      if (password !== undefined) await endSessions({ userId: id, except: sessionOf(caller) })
      return toUserAdminResponse(changed)
    },
  })

  /** What a person signs in by is more than a name or a colour. */
  async function mayChange(caller: Caller, what: { email: boolean; password: boolean }): Promise<void> {
    if (!what.email && !what.password) return
    // Else a key that may change a name could make itself a way in with every right.
    if (!hasEveryRight(caller)) {
      throw forbidden('Missing required permission: all')
    }
    // A first password would be a second way in that whoever set up the proxy knows nothing of.
    if (what.password && !caller.user.hasPassword) throw badRequest('You sign in without a password')
    // Who takes the address of somebody the proxy has yet to vouch for would be handed that person's account.
    if (what.email && !caller.user.isAdmin) {
      throw forbidden(
        'Your e-mail address decides who you are here; ask an admin to change it',
        'email_is_managed',
      )
    }
  }
}

function preferenceRoutes(app: HttpServer, users: Users): void {
  app.get(
    '/api/users/me/preferences',
    {
      config: { access: signedIn('userPreference.read') },
      schema: { tags: ['users'], response: { 200: preferences } },
    },
    async (request) => preferencesFor(users, userOf(request).id),
  )

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/users/me/preferences',
    config: { access: signedIn('userPreference.update') },
    schema: { tags: ['users'], body: preferencesUpdate, response: { 200: preferences } },
    handler: async (request) => {
      const { id } = userOf(request)
      const stored = (await users.preferencesOf(id)) as PlainObject
      await users.setPreferences(id, deepMerge(stored, request.body))
      return preferencesFor(users, id)
    },
  })

  app.get(
    '/api/admin/users/:id/preferences',
    {
      config: { access: adminOnly('adminUser.read') },
      schema: { tags: ['users'], params: idParams, response: { 200: preferences } },
    },
    async (request) => {
      if (!(await users.byId(request.params.id))) throw badRequest('User not found')
      return preferencesFor(users, request.params.id)
    },
  )
}

function onboardingRoutes(app: HttpServer, users: Users): void {
  const onboarding = z.object({ isOnboarded: z.boolean() }).meta({ id: 'OnboardingDto' })
  app.get(
    '/api/users/me/onboarding',
    {
      config: { access: signedIn('userOnboarding.read') },
      schema: { tags: ['users'], response: { 200: onboarding } },
    },
    async (request) => ({ isOnboarded: userOf(request).isOnboarded }),
  )
  app.put(
    '/api/users/me/onboarding',
    {
      config: { access: signedIn('userOnboarding.update') },
      schema: { tags: ['users'], body: onboarding, response: { 200: onboarding } },
    },
    async (request) => {
      await users.change(userOf(request).id, { isOnboarded: request.body.isOnboarded })
      return { isOnboarded: request.body.isOnboarded }
    },
  )
}

async function preferencesFor(users: Users, id: string): Promise<Preferences> {
  const stored = (await users.preferencesOf(id)) as PlainObject
  return preferences.parse(deepMerge(defaultPreferences, stored))
}

/** Without the keys whose value is undefined: "not mentioned" is not "set to nothing". */
export function defined<T extends object>(changes: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> }
}
