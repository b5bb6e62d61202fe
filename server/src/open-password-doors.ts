import type { AuditTrail } from './audit/audit.ts'
import { createPasswordAttempts } from './auth/password-attempts.ts'
import { createPinCheck } from './auth/pin-check.ts'
import type { Settings } from './config/settings.ts'
import type { Database } from './database/database.ts'
import { createAttemptLimit, pinRules } from './platform/attempt-limit.ts'
import type { Clock } from './platform/clock.ts'
import type { HttpServer } from './platform/http-server.ts'
import { createElevationStore } from './sessions/elevation-store.ts'
import { createSignInPlaceStore } from './sessions/sign-in-place-store.ts'
import { sessionOf } from './users/caller.ts'
import type { PasswordHashes } from './users/password-hash.ts'
import type { Users } from './users/users.ts'

type Ports = {
  db: Database
  clock: Clock
  settings: Settings
  users: Users
  passwords: PasswordHashes
  audit: AuditTrail
}

/** What people know by heart, put together: passwords and PINs, with the limits on guessing them. */
export function openPasswordDoors(app: HttpServer, { db, clock, settings, users, passwords, audit }: Ports) {
  const places = createSignInPlaceStore({ db, clock })
  const attempts = createPasswordAttempts({
    limit: createAttemptLimit(clock),
    settings,
    users,
    places,
    audit,
  })
  const pinLimit = createAttemptLimit(clock, pinRules)
  const elevations = createElevationStore({ db, clock })
  app.decorate('looksIntoLocked', async ({ caller }) => {
    const sessionId = caller ? sessionOf(caller) : undefined
    return sessionId !== undefined && (await elevations.openUntil(sessionId, 'looks-in')) !== undefined
  })
  return {
    attempts,
    elevations,
    pins: createPinCheck({ users, passwords, limit: pinLimit, passwordAttempts: attempts, audit }),
  }
}
