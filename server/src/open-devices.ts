import type { FastifyRequest } from 'fastify'
import type { Report } from './audit/audit.ts'
import { clientAddress } from './auth/client-address.ts'
import { createDeviceFlow, type DeviceFlow } from './auth/device-flow.ts'
import { deviceRoutes } from './auth/device-routes.ts'
import type { StartSession } from './auth/person-sessions.ts'
import type { VerdictOn } from './auth/verdicts.ts'
import type { Settings } from './config/settings.ts'
import type { Database } from './database/database.ts'
import { createDeviceCodeStore } from './device-sign-in/device-code-store.ts'
import type { Clock } from './platform/clock.ts'
import type { HttpServer } from './platform/http-server.ts'
import { adminDeviceRoutes } from './sessions/admin-device-routes.ts'
import { ownDeviceRoutes } from './sessions/own-device-routes.ts'
import { sessionRoutes } from './sessions/session-routes.ts'
import type { Sessions } from './sessions/sessions.ts'
import type { Users } from './users/users.ts'

type Ports = {
  db: Database
  clock: Clock
  settings: Settings
  users: Users
  sessions: Sessions
  startSession: StartSession
  verdictOn: VerdictOn
  report: Report
}

/** Where people are signed in, and how apps and machines without a browser get there, put together. */
export function openDevices(app: HttpServer, ports: Ports): { deviceFlow: DeviceFlow } {
  const { settings } = ports
  const addressOf = async (request: FastifyRequest) =>
    clientAddress(request, (await settings.current()).policy)
  sessionRoutes(app, ports)
  ownDeviceRoutes(app, { ...ports, addressOf })
  adminDeviceRoutes(app, ports)
  const deviceFlow = createDeviceFlow({ ...ports, codes: createDeviceCodeStore(ports) })
  deviceRoutes(app, { ...ports, flow: deviceFlow })
  return { deviceFlow }
}
