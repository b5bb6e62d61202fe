import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import type { Settings } from '../config/settings.ts'
import { open, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, unauthenticated } from '../platform/problem.ts'
import type { Elevations, Sessions } from '../sessions/sessions.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import { signUpBody, toUserAdminResponse, userAdminResponse } from '../users/user-wire.ts'
import type { Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import { maySkipPortal } from './credentials.ts'
import type { PasswordAttempts } from './password-attempts.ts'
import type { StartSession } from './person-sessions.ts'
import { refuseForeignSite } from './same-origin.ts'
import {
  authStatusResponse,
  changePasswordBody,
  loginBody,
  loginResponse,
  toLoginResponse,
} from './sign-in-wire.ts'

type Ports = {
  settings: Settings
  users: Users
  sessions: Sessions
  elevations: Pick<Elevations, 'openUntil'>
  passwords: PasswordHashes
  attempts: PasswordAttempts
  startSession: StartSession
  audit: Pick<AuditTrail, 'record'>
  /** Who alone becomes the first admin, where the operator named somebody. */
  adminEmail: string | undefined
}

const tags = ['auth']

/** Signing in by password, and the first admin. */
export function signInRoutes(app: HttpServer, ports: Ports): void {
  const { settings, users, passwords, attempts, startSession, audit, adminEmail } = ports

  app.post(
    '/api/auth/admin-sign-up',
    { config: { access: open }, schema: { tags, body: signUpBody, response: { 201: userAdminResponse } } },
    async (request, reply) => {
      await mustProveSameOrigin(request)
      // Else whoever makes up an API key would be the first admin of a house whose portal guards everything.
      if (maySkipPortal(request)) throw badRequest('Register without a key, a token or a query')
      if (await users.hasAdmin()) throw badRequest('The server already has an admin')
      const { email, name, password } = request.body
      if (adminEmail !== undefined && email !== adminEmail)
        throw badRequest('PORCHLIGHT_ADMIN_EMAIL names who becomes the first admin here')
      const passwordHash = await passwords.hash(password)
      const admin = await users.addFirstAdmin({ email, name, passwordHash, storageLabel: 'admin' })
      if (!admin) throw badRequest('The server already has an admin')
      const { id: userId } = admin
      audit.record({ kind: 'account_made', method: 'password', userId, email, peer: peerOf(request) })
      return reply.status(201).send(toUserAdminResponse(admin))
    },
  )

  app.post(
    '/api/auth/login',
    { config: { access: open }, schema: { tags, body: loginBody, response: { 201: loginResponse } } },
    async (request, reply) => {
      const { config } = await mustProveSameOrigin(request)
      // Behind a portal a made-up key would be a way past it to the passwords.
      if (config.trustedHeader.enabled && maySkipPortal(request))
        throw badRequest('Sign in without a key, a token or a query')
      const { email, password } = request.body
      const refusal = { kind: 'sign_in_refused', method: 'password', email, peer: peerOf(request) } as const
      if (!config.passwordLogin.enabled) {
        audit.record({ ...refusal, code: 'password_login_off' })
        throw unauthenticated('Password login has been disabled')
      }
      const attempt = await attempts.begin(request, email)
      const user = await users.byEmail(email)
      const stored = user && user.deletedAt === null ? await users.passwordHashOf(user.id) : null
      const matches = await passwords.verify(password, stored)
      if (!user || !matches) {
        audit.record({ ...refusal, code: 'wrong_password' })
        request.log.warn({ peer: refusal.peer }, 'a sign-in with a wrong e-mail address or password')
        throw unauthenticated('Incorrect email or password')
      }
      await attempt.succeeded(user.id)
      if (stored !== null && passwords.isOutdated(stored))
        await users.rehash({ userId: user.id, before: stored, after: await passwords.hash(password) })
      const token = await startSession({ request, reply }, user, 'password')
      return reply.status(201).send(toLoginResponse(user, token))
    },
  )

  signedInRoutes(app, ports)

  async function mustProveSameOrigin({ headers }: FastifyRequest) {
    const inForce = await settings.current()
    const refused = refuseForeignSite(headers, inForce.config.server.externalDomain)
    if (refused) throw refused
    return inForce
  }
}

/** What a signed-in person asks about his own sign-in. */
function signedInRoutes(
  app: HttpServer,
  { users, sessions, elevations, passwords, attempts, audit }: Ports,
): void {
  app.post(
    '/api/auth/validateToken',
    {
      config: { access: signedIn(false) },
      schema: { tags, response: { 200: z.object({ authStatus: z.boolean() }) } },
    },
    async (_request, reply) => reply.status(200).send({ authStatus: true }),
  )

  app.get(
    '/api/auth/status',
    { config: { access: signedIn() }, schema: { tags, response: { 200: authStatusResponse } } },
    async (request) => {
      const { id, hasPassword } = userOf(request)
      const sessionId = sessionOf(callerOf(request))
      const pinExpiresAt = sessionId === undefined ? undefined : await elevations.openUntil(sessionId)
      const pinCode = (await users.pinHashOf(id)) !== null
      const isElevated = pinExpiresAt !== undefined
      return { pinCode, password: hasPassword, isElevated, ...(isElevated && { pinExpiresAt }) }
    },
  )

  app.post(
    '/api/auth/change-password',
    {
      config: { access: signedIn('auth.changePassword') },
      schema: { tags, body: changePasswordBody, response: { 200: userAdminResponse } },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const { password, newPassword } = request.body
      const attempt = await attempts.begin(request, caller.user.email)
      const matches = await passwords.verify(password, await users.passwordHashOf(caller.user.id))
      if (!matches) throw badRequest('Wrong password')
      await attempt.succeeded(caller.user.id)
      const changed = await users.change(caller.user.id, {
        passwordHash: await passwords.hash(newPassword),
        shouldChangePassword: false,
      })
      await sessions.revokeAll({ userId: caller.user.id, except: sessionOf(caller) })
      const { id: userId, email } = changed
      audit.record({
        kind: 'account_changed',
        userId,
        email,
        peer: peerOf(request),
        details: { what: ['password'] },
      })
      return reply.status(200).send(toUserAdminResponse(changed))
    },
  )
}
