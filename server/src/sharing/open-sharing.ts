import type { Albums } from '../albums/albums.ts'
import type { Assets } from '../assets/assets.ts'
import type { Database } from '../database/database.ts'
import { createAttemptLimit } from '../platform/attempt-limit.ts'
import type { Clock } from '../platform/clock.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import { createSharePages } from './share-page.ts'
import { sharedLinkRoutes } from './shared-link-routes.ts'
import { createSharedLinkStore } from './shared-link-store.ts'
import { visitorRoutes } from './visitor-routes.ts'
import { createVisits } from './visits.ts'

type Ports = {
  db: Database
  clock: Clock
  passwords: PasswordHashes
  albums: Pick<Albums, 'byId'>
  assets: Pick<Assets, 'owned' | 'byIds'>
}

/** Shared links, put together: who comes by one, its page, and what its owner does with it. */
export function openSharing(ports: Ports) {
  const links = createSharedLinkStore(ports)
  const limit = createAttemptLimit(ports.clock)
  return {
    visitAt: createVisits(links),
    pageOf: createSharePages({ links, albums: ports.albums }),
    routes(
      app: HttpServer,
      others: Pick<Parameters<typeof visitorRoutes>[1], 'report' | 'cameByHttps' | 'placeOf'>,
    ): void {
      visitorRoutes(app, { ...ports, ...others, links, limit })
      sharedLinkRoutes(app, { ...ports, ...others, links })
    },
  }
}
