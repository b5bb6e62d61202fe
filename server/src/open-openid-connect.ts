import type { FastifyRequest } from 'fastify'
import type { AuditTrail } from './audit/audit.ts'
import { oauthBackChannel } from './auth/oauth-back-channel.ts'
import type { OauthFlow } from './auth/oauth-flow.ts'
import { oauthLinkRoutes } from './auth/oauth-link-routes.ts'
import { oauthRoutes } from './auth/oauth-routes.ts'
import { createOpenidFlow } from './auth/openid-flow.ts'
import type { StartSession } from './auth/person-sessions.ts'
import { ownOrigin } from './auth/sign-out-target.ts'
import type { Settings } from './config/settings.ts'
import type { Database } from './database/database.ts'
import { createIssuerClients } from './openid-connect/issuer-client.ts'
import { createIssuerLogout } from './openid-connect/issuer-logout.ts'
import { createOauthPeople } from './openid-connect/oauth-people.ts'
import { createOpenidSessionStore } from './openid-connect/openid-session-store.ts'
import { createOpenidSignIn } from './openid-connect/openid-sign-in.ts'
import { createSignOutAddress } from './openid-connect/sign-out-address.ts'
import type { Clock } from './platform/clock.ts'
import type { HttpServer } from './platform/http-server.ts'
import type { Logger } from './platform/logger.ts'
import type { Sessions, UsedTokens } from './sessions/sessions.ts'
import type { User, Users } from './users/users.ts'

type Ports = {
  db: Database
  clock: Clock
  logger: Logger
  settings: Settings
  users: Users
  sessions: Sessions
  usedTokens: UsedTokens
  startSession: StartSession
  audit: Pick<AuditTrail, 'record'>
  pictures?: { follow(user: User, url: string): void }
  /** Who alone becomes the first admin, where the operator named somebody. */
  adminEmail: string | undefined
  /** What answers Immich's OAuth calls where no issuer is set. */
  otherFlows?: readonly OauthFlow[]
}

/** Sign-in by OpenID Connect, put together: its routes, and where signing out goes on. */
export function openOpenidConnect(app: HttpServer, { otherFlows = [], ...ports }: Ports) {
  const { settings } = ports
  const clientFor = createIssuerClients(ports)
  const openidSessions = createOpenidSessionStore(ports)
  const flow = createOpenidFlow({
    ...ports,
    openidSessions,
    signIn: createOpenidSignIn({ ...ports, clientFor }),
    personFor: createOauthPeople(ports),
  })
  oauthRoutes(app, { settings, flows: [flow, ...otherFlows] })
  oauthLinkRoutes(app, { ...ports, flow })
  oauthBackChannel(app, {
    ...ports,
    openidSessions,
    verifyLogout: createIssuerLogout({ ...ports, clientFor }),
  })

  const signOutAddress = createSignOutAddress({ clientFor })
  return {
    leaveIssuer: async (request: FastifyRequest, sessionId: string) => {
      const inForce = await settings.current()
      const { idToken = null } = (await openidSessions.of(sessionId)) ?? {}
      const returnTo = `${ownOrigin(request, inForce)}/auth/signed-out`
      return () => signOutAddress({ settings: inForce.config.oauth, idToken, returnTo })
    },
  }
}
