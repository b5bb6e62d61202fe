import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest } from '../platform/problem.ts'
import type { Elevations } from '../sessions/sessions.ts'
import { callerOf, sessionOf, userOf } from '../users/caller.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import { pinCodeField } from '../users/user-wire.ts'
import type { User, Users } from '../users/users.ts'
import { peerOf } from './arrival.ts'
import type { PinCheck } from './pin-check.ts'

const setupBody = z.object({ pinCode: pinCodeField }).meta({ id: 'PinCodeSetupDto' })
const proof = { pinCode: pinCodeField.optional(), password: z.string().max(1024).optional() }
const changeBody = z.object({ ...proof, newPinCode: pinCodeField }).meta({ id: 'PinCodeChangeDto' })
const resetBody = z.object(proof).meta({ id: 'PinCodeResetDto' })
const done = { 204: z.null() }
const tags = ['auth']

type Ports = {
  users: Users
  passwords: PasswordHashes
  elevations: Elevations
  pins: PinCheck
  audit: Pick<AuditTrail, 'record'>
}

/** A person's own PIN. Whoever signs in by header may have one too: it needs no password. */
export function pinCodeRoutes(app: HttpServer, { users, passwords, elevations, pins, audit }: Ports): void {
  app.post(
    '/api/auth/pin-code',
    { config: { access: signedIn('pinCode.create') }, schema: { tags, body: setupBody, response: done } },
    async (request, reply) => {
      const user = userOf(request)
      if ((await users.pinHashOf(user.id)) !== null) throw badRequest('User already has a PIN code')
      await setPin(request, user, request.body.pinCode)
      return reply.status(204).send(null)
    },
  )

  app.put(
    '/api/auth/pin-code',
    { config: { access: signedIn('pinCode.update') }, schema: { tags, body: changeBody, response: done } },
    async (request, reply) => {
      const user = userOf(request)
      await pins.mustKnowPinOrPassword(request, user, request.body)
      await setPin(request, user, request.body.newPinCode)
      return reply.status(204).send(null)
    },
  )

  app.delete(
    '/api/auth/pin-code',
    { config: { access: signedIn('pinCode.delete') }, schema: { tags, body: resetBody, response: done } },
    async (request, reply) => {
      const user = userOf(request)
      await pins.mustKnowPinOrPassword(request, user, request.body)
      await setPin(request, user, null)
      return reply.status(204).send(null)
    },
  )

  lockRoutes(app, { elevations, pins })

  async function setPin(request: FastifyRequest, { id, email }: User, pinCode: string | null): Promise<void> {
    await users.change(id, { pinHash: pinCode === null ? null : await passwords.hash(pinCode) })
    // Whoever came in by the old one is out.
    await elevations.shutAll(id)
    const details = { what: [pinCode === null ? 'pinCode removed' : 'pinCode'] }
    audit.record({ kind: 'account_changed', userId: id, email, peer: peerOf(request), details })
  }
}

/** Opens the locked folder to one session, and shuts it again. */
function lockRoutes(app: HttpServer, { elevations, pins }: Pick<Ports, 'elevations' | 'pins'>): void {
  app.post(
    '/api/auth/session/unlock',
    {
      config: { access: signedIn() },
      // As in Immich's description, `password` may come along; what opens is the PIN.
      schema: { tags, body: setupBody.meta({ id: 'SessionUnlockDto' }), response: done },
    },
    async (request, reply) => {
      const sessionId = ownSession(request)
      await pins.mustKnowPin(request, userOf(request), request.body.pinCode)
      await elevations.open(sessionId)
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/api/auth/session/lock',
    { config: { access: signedIn() }, schema: { tags, response: done } },
    async (request, reply) => {
      await elevations.shut({ userId: userOf(request).id, sessionId: ownSession(request) })
      return reply.status(204).send(null)
    },
  )

  app.post(
    '/api/sessions/:id/lock',
    {
      config: { access: signedIn('session.lock') },
      schema: { tags: ['sessions'], params: z.object({ id: z.uuid() }), response: done },
    },
    async (request, reply) => {
      const shut = await elevations.shut({ userId: userOf(request).id, sessionId: request.params.id })
      if (!shut) throw badRequest('Not found or no authDevice.update access')
      return reply.status(204).send(null)
    },
  )
}

/** @throws 400 for an API key, and where the proxy vouched without a session: there is nothing to keep open */
function ownSession(request: FastifyRequest): string {
  const sessionId = sessionOf(callerOf(request))
  if (sessionId === undefined) throw badRequest('This endpoint can only be used with a session token')
  return sessionId
}
