import { z } from 'zod'
import type { Report } from '../audit/audit.ts'
import { adminOnly } from '../platform/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, forbidden } from '../platform/problem.ts'
import { accountEvents, reportAccount } from './account-report.ts'
import { avatarColorFor } from './avatar-color.ts'
import { callerOf, hasEveryRight, sessionOf, userOf, type Caller } from './caller.ts'
import type { PasswordHashes } from './password-hash.ts'
import { defined, idParams, type EndSessions } from './user-routes.ts'
import { toUserAdminResponse, userAdminResponse, userAdminUpdateBody, userCreateBody } from './user-wire.ts'
import type { User, Users } from './users.ts'

const flagInQuery = z.enum(['true', 'false']).transform((text) => text === 'true')
const listQuery = z.object({ withDeleted: flagInQuery.optional(), id: z.uuid().optional() })
const deleteBody = z.object({ force: z.boolean().optional() }).meta({ id: 'UserAdminDeleteDto' })

type Ports = {
  users: Users
  passwords: PasswordHashes
  clock: Clock
  endSessions: EndSessions
  /** On every device of that person. */
  shutLockedFolder(userId: string): Promise<void>
  report: Report
}

/** What an admin does with the people of the household. */
export function adminUserRoutes(app: HttpServer, ports: Ports): void {
  const { users, passwords, clock, endSessions, shutLockedFolder, report } = ports
  const tags = ['admin']

  app.get(
    '/api/admin/users',
    {
      config: { access: adminOnly('adminUser.read') },
      schema: { tags, querystring: listQuery, response: { 200: z.array(userAdminResponse) } },
    },
    async (request) => {
      const { withDeleted = false, id } = request.query
      const everybody = await users.list({ withDeleted })
      return everybody.filter((user) => id === undefined || user.id === id).map(toUserAdminResponse)
    },
  )

  app.post(
    '/api/admin/users',
    {
      config: { access: adminOnly('adminUser.create') },
      schema: { tags, body: userCreateBody, response: { 201: userAdminResponse } },
    },
    async (request, reply) => {
      const { password, pinCode, quotaSizeInBytes, avatarColor, notify: _, ...rest } = request.body
      if (rest.isAdmin) mayMakeAdmins(callerOf(request))
      const user = await users.add({
        ...rest,
        avatarColor: avatarColor ?? undefined,
        quotaBytes: quotaSizeInBytes,
        passwordHash: await passwords.hash(password),
      })
      if (pinCode) await users.change(user.id, { pinHash: await passwords.hash(pinCode) })
      const details = { isAdmin: user.isAdmin, quotaBytes: user.quotaBytes }
      reportAccount({ report, request }, user, { kind: 'account_made', details })
      return reply.status(201).send(toUserAdminResponse(user))
    },
  )

  app.get(
    '/api/admin/users/:id',
    {
      config: { access: adminOnly('adminUser.read') },
      schema: { tags, params: idParams, response: { 200: userAdminResponse } },
    },
    async (request) => toUserAdminResponse(await known(users, request.params.id)),
  )

  app.route({
    method: ['PUT', 'PATCH'],
    url: '/api/admin/users/:id',
    config: { access: adminOnly('adminUser.update') },
    schema: { tags, params: idParams, body: userAdminUpdateBody, response: { 200: userAdminResponse } },
    handler: async (request) => {
      const user = await known(users, request.params.id)
      const { password, pinCode, quotaSizeInBytes, avatarColor, notify: _, ...rest } = request.body
      if (rest.isAdmin !== undefined && rest.isAdmin !== user.isAdmin && user.id === userOf(request).id) {
        throw badRequest('Admin status can only be changed by another admin')
      }
      const changesAdmin = rest.isAdmin !== undefined && rest.isAdmin !== user.isAdmin
      const newKeys = [password, rest.email, pinCode].some((value) => value !== undefined)
      // Taking somebody's rights and then giving her a password would be two steps to the same door.
      if (changesAdmin || (user.isAdmin && newKeys)) mayMakeAdmins(callerOf(request))
      const changed = await users.change(user.id, {
        ...defined({ ...rest, quotaBytes: quotaSizeInBytes }),
        ...(avatarColor === undefined ? {} : { avatarColor: avatarColor ?? avatarColorFor(user.email) }),
        ...(password === undefined ? {} : { passwordHash: await passwords.hash(password) }),
        ...(pinCode === undefined ? {} : { pinHash: pinCode && (await passwords.hash(pinCode)) }),
      })
      if (pinCode !== undefined) await shutLockedFolder(user.id)
      for (const event of accountEvents(user, changed, password !== undefined))
        reportAccount({ report, request }, changed, event)
      if (pinCode !== undefined)
        reportAccount({ report, request }, changed, {
          kind: 'account_changed',
          details: { what: ['pinCode'] },
        })
      // Whoever had the old password is out; the admin who changes his own stays here.
      if (password !== undefined) await endSessions({ userId: user.id, except: sessionOf(callerOf(request)) })
      return toUserAdminResponse(changed)
    },
  })

  app.delete(
    '/api/admin/users/:id',
    {
      config: { access: adminOnly('adminUser.delete') },
      schema: { tags, params: idParams, body: deleteBody, response: { 200: userAdminResponse } },
    },
    async (request) => {
      const { id } = await known(users, request.params.id)
      if (id === userOf(request).id) throw forbidden('Cannot delete your own account')
      if (request.body.force)
        throw badRequest('Removing an account with all its photos at once is not possible yet')
      const deleted = await users.change(id, { deletedAt: clock.now().toISOString() })
      // They would open nothing now, and everything again once the account is restored.
      await endSessions({ userId: id })
      reportAccount({ report, request }, deleted, { kind: 'account_deleted' })
      return toUserAdminResponse(deleted)
    },
  )

  app.post(
    '/api/admin/users/:id/restore',
    {
      config: { access: adminOnly('adminUser.delete') },
      schema: { tags, params: idParams, response: { 200: userAdminResponse } },
    },
    async (request) => {
      const { id } = await known(users, request.params.id)
      const restored = await users.change(id, { deletedAt: null })
      reportAccount({ report, request }, restored, { kind: 'account_restored' })
      return toUserAdminResponse(restored)
    },
  )
}

async function known(users: Users, id: string): Promise<User> {
  const user = await users.byId(id)
  if (!user) throw badRequest('User not found')
  return user
}

/** Else a key that may change people could make itself an admin's way in. */
function mayMakeAdmins(caller: Caller): void {
  if (!hasEveryRight(caller)) throw forbidden('Missing required permission: all')
}
