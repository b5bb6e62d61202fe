import { join } from 'node:path'
import fastifyCookie from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { albumRoutes } from './albums/album-routes.ts'
import { assetRoutes } from './assets/asset-routes.ts'
import { apiKeyRoutes } from './api-keys/api-key-routes.ts'
import { createApiKeyStore } from './api-keys/api-key-store.ts'
import type { AuditTrail, Report } from './audit/audit.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { openAudit, type Audit } from './audit/open-audit.ts'
import { cameByHttps, peerOf } from './auth/arrival.ts'
import { backChannelRoutes } from './auth/back-channel-routes.ts'
import { clientAddress, placeOf } from './auth/client-address.ts'
import { createDocumentSignIn } from './auth/document-sign-in.ts'
import { guardRoutes } from './auth/guard.ts'
import { openFrontDoor } from './auth/front-door.ts'
import { createLogoutTokens } from './auth/logout-tokens.ts'
import { pinCodeRoutes } from './auth/pin-code-routes.ts'
import { signInRoutes } from './auth/sign-in-routes.ts'
import { ownOrigin } from './auth/sign-out-target.ts'
import { signOutRoutes } from './auth/sign-out-routes.ts'
import { trustedHeaderRoutes } from './auth/trusted-header-routes.ts'
import { createUpgradeSignIn } from './auth/upgrade-sign-in.ts'
import type { AuthPorts } from './auth/who-is-asking.ts'
import { adminEmailIn } from './config/environment-settings.ts'
import { probationRoutes } from './config/probation-routes.ts'
import type { WatchedFile } from './config/config-file-watch.ts'
import { createSettingsChangers } from './auth/settings-changers.ts'
import { settingsRoutes } from './config/settings-routes.ts'
import { settingsSchemaRoutes } from './config/settings-schema-routes.ts'
import type { Settings } from './config/settings.ts'
import { openDatabase, type Database } from './database/database.ts'
import { jobRoutes } from './jobs/job-routes.ts'
import { openLibrary, queueOf, type Library } from './library.ts'
import type { Live } from './live/live.ts'
import { createLive } from './live/live-sockets.ts'
import { mediaTypes } from './media/media-types.ts'
import { openMetrics, type OpenMetrics } from './metrics/open-metrics.ts'
import type { Clock } from './platform/clock.ts'
import { doDaily } from './platform/daily.ts'
import { takeDataDir } from './platform/data-dir.ts'
import type { Environment } from './platform/environment.ts'
import { createHttpServer, pathOf, type HttpServer } from './platform/http-server.ts'
import { createListeners, type Listeners } from './platform/listeners.ts'
import type { Logger } from './platform/logger.ts'
import { openPasswordDoors } from './open-password-doors.ts'
import { openDevices } from './open-devices.ts'
import { openOpenidConnect } from './open-openid-connect.ts'
import { openSettings, rollbackEvent } from './open-settings.ts'
import { openSignInCheck } from './open-sign-in-check.ts'
import { profilePictureRoutes } from './profile-pictures/profile-picture-routes.ts'
import { describeApi } from './server-info/api-description.ts'
import { serverInfoRoutes } from './server-info/server-info-routes.ts'
import { apiVersion } from './server-info/version.ts'
import { createCheckNonces } from './sign-in-check/check-nonces.ts'
import { rememberLifetimes } from './sessions/lifetimes.ts'
import { createSessionStore } from './sessions/session-store.ts'
import { openSharing } from './sharing/open-sharing.ts'
import { createUsedTokenStore } from './sessions/used-token-store.ts'
import { timelineRoutes } from './timeline/timeline-routes.ts'
import { adminUserRoutes } from './users/admin-user-routes.ts'
import { createPasswordHashes, type PasswordHashes } from './users/password-hash.ts'
import { userRoutes } from './users/user-routes.ts'
import { createUserStore } from './users/user-store.ts'
import type { Users } from './users/users.ts'
import { webPages } from './web-pages/web-pages.ts'

/** How long requests may go on when the server ends, in milliseconds. */
const patience = 1000

export type App = {
  http: HttpServer
  listeners: Listeners
  db: Database
  audit: AuditTrail
  metrics: OpenMetrics
  close(): Promise<void>
}

type Surroundings = { environment: Environment; logger: Logger; clock: Clock; checkAnswers?: boolean }

/**
 * Puts the parts together; the only file that knows every domain. Nothing listens yet.
 *
 * @throws {StartProblem} for an operator's mistake, with a line that says what to change
 */
export async function createApp(surroundings: Surroundings): Promise<App> {
  const { environment, logger } = surroundings
  const { values } = environment
  const dataDir = await takeDataDir(values.PORCHLIGHT_DATA_DIR)
  const file = join(dataDir.path, 'porchlight.sqlite')
  const { db, kind } = await openDatabase({ url: values.PORCHLIGHT_DATABASE_URL, file, logger })
  const passwords = createPasswordHashes()
  const { settings, configFile } = await openSettings({ ...surroundings, db })
  const library = await openLibrary({ ...surroundings, db, kind, dataDir: dataDir.path })
  const keepDays = async () => (await settings.current()).config.audit.keepDays
  const audit = await openAudit({ ...surroundings, db, keepDays })
  configFile?.follow((layer) => {
    const details = settings.takeFile(layer)
    audit.trail.record({ kind: 'settings_changed', code: 'file', details })
  })
  const metrics = await openMetrics({ address: values.PORCHLIGHT_METRICS_LISTEN, db, logger })

  const http = await createRoutes({
    ...surroundings,
    db,
    passwords,
    settings,
    configFile,
    library,
    audit,
    metrics,
    dataDir: dataDir.path,
  })
  await library.startJobs()
  const listeners = createListeners({ http, logger })
  return {
    http,
    listeners,
    db,
    audit: audit.trail,
    metrics,
    async close() {
      // A stalled upload must not keep the server from ending: it is cut off as by a broken network.
      const cutOff = setTimeout(() => http.server.closeAllConnections(), patience)
      await Promise.all([listeners.close(), http.close()])
      clearTimeout(cutOff)
      configFile?.close()
      await library.close()
      await audit.close()
      await metrics.close()
      await passwords.close()
      await db.destroy()
      dataDir.release()
    },
  }
}

type Parts = {
  db: Database
  passwords: PasswordHashes
  settings: Settings
  configFile: WatchedFile | undefined
  library: Library
  audit: Audit
  metrics: OpenMetrics
  dataDir: string
}

async function createRoutes({
  environment,
  logger,
  clock,
  checkAnswers = false,
  db,
  passwords,
  settings,
  configFile,
  library,
  audit,
  metrics,
  dataDir,
}: Surroundings & Parts) {
  const users = createUserStore({ db, clock })
  const lifetimes = rememberLifetimes(async () => (await settings.current()).config.sessions)
  const sessions = createSessionStore({ db, clock, lifetimes })
  const apiKeys = createApiKeyStore({ db, clock })
  const sharing = openSharing({ db, clock, passwords, albums: library.albums, assets: library.assets })
  const { verdictOn, personFor, startSession, whoIsAsking } = openFrontDoor({
    logger,
    clock,
    settings,
    users,
    sessions,
    apiKeys,
    visitAt: sharing.visitAt,
    audit: audit.trail,
    metrics,
    adminEmail: adminEmailIn(environment),
    pictures: library.pictures,
  })

  const app = createHttpServer({ logger, checkAnswers })
  metrics.timeRequests(app)
  await app.register(fastifyCookie)
  await describeApi(app)
  const nonces = createCheckNonces({ db, clock })
  const { beforeUpgrade } = openSignInCheck(app, { clock, logger, settings, users, nonces })
  guardRoutes(app, { whoIsAsking, startSession })

  const { trail } = audit
  const report: Report = (request, event) => trail.record({ peer: peerOf(request), ...event })
  const doors = openPasswordDoors(app, { db, clock, settings, users, passwords, audit: trail })
  signInRoutes(app, {
    settings,
    users,
    sessions,
    passwords,
    startSession,
    ...doors,
    audit: trail,
    adminEmail: adminEmailIn(environment),
  })
  pinCodeRoutes(app, { users, passwords, ...doors, audit: trail })
  trustedHeaderRoutes(app, { settings, sessions, startSession, verdictOn, personFor, audit: trail })
  const usedTokens = createUsedTokenStore({ db, clock })
  const known = { db, clock, settings, users, sessions }
  const { deviceFlow } = openDevices(app, { ...known, startSession, verdictOn, report })
  const { leaveIssuer } = openOpenidConnect(app, {
    db,
    clock,
    logger,
    settings,
    users,
    sessions,
    usedTokens,
    startSession,
    audit: trail,
    pictures: library.pictures,
    otherFlows: [deviceFlow],
    adminEmail: adminEmailIn(environment),
  })
  signOutRoutes(app, { settings, sessions, leaveIssuer, audit: trail })
  backChannelRoutes(app, {
    settings,
    users,
    sessions,
    usedTokens,
    logoutTokens: createLogoutTokens({ clock, logger }),
    audit: trail,
  })
  userRoutes(app, {
    users,
    passwords,
    endSessions: sessions.revokeAll,
    report,
    peopleAreVisible: async () => (await settings.current()).config.server.publicUsers,
  })
  const shutLockedFolder = doors.elevations.shutAll
  adminUserRoutes(app, {
    users,
    passwords,
    clock,
    endSessions: sessions.revokeAll,
    shutLockedFolder,
    report,
  })
  apiKeyRoutes(app, { apiKeys, report })
  const changers = createSettingsChangers({ settings, verdictOn })
  settingsRoutes(app, { settings, changers, audit: trail, configFile })
  probationRoutes(app, { settings, changers, audit: trail, now: clock.now })
  settings.onRollback((probation) => trail.record(rollbackEvent(probation)))
  settingsSchemaRoutes(app)
  auditRoutes(app, audit)
  const { libraryUse } = library.assets
  serverInfoRoutes(app, {
    settings,
    users,
    dataDir,
    mediaTypes,
    programs: library.media.programs,
    libraryUse,
  })
  libraryRoutes(app, { library, settings, clock, users })

  const webDir = environment.values.PORCHLIGHT_WEB_DIR ?? join(import.meta.dirname, '../../web/build')
  const signInOnDocument = createDocumentSignIn({ whoIsAsking, startSession })
  sharing.routes(app, {
    report,
    cameByHttps: async (request) => cameByHttps(request, (await settings.current()).policy),
    placeOf: async (request) => placeOf(clientAddress(request, (await settings.current()).policy)),
  })
  const sharePageFor = async (request: FastifyRequest) =>
    sharing.pageOf(pathOf(request), { origin: ownOrigin(request, await settings.current()) })
  await webPages(app, { webDir, settings, signInOnDocument, sharePageFor })

  const admit = createUpgradeSignIn({ settings, whoIsAsking, parseCookie: app.parseCookie })
  const live = openLive({ logger, clock, settings, sessions, apiKeys, admit })
  library.onChange(live.tell)
  app.server.on('upgrade', beforeUpgrade(live.takeUpgrade))
  app.addHook('preClose', live.close)
  const sweeping = doDaily(sessions.removeOver, (error) =>
    logger.error({ err: error }, 'sessions that are over could not be removed'),
  )
  app.addHook('onClose', sweeping.stop)
  metrics.watchSockets(live.count)
  return app
}

type LivePorts = Pick<AuthPorts, 'settings' | 'sessions' | 'apiKeys'> &
  Pick<Surroundings, 'logger' | 'clock'> &
  Pick<Parameters<typeof createLive>[0], 'admit'>

function openLive({ settings, sessions, apiKeys, ...others }: LivePorts): Live {
  const live = createLive({
    ...others,
    version: apiVersion,
    stillHeld: async (held) => ({
      sessionIds: await sessions.stillGood(held.sessionIds),
      apiKeyIds: await apiKeys.stillGrantAll(held.apiKeyIds),
    }),
    trustInForce: async () => JSON.stringify((await settings.current()).config.trustedHeader),
  })
  sessions.onEnded(live.sessionsEnded)
  apiKeys.onRotated(live.apiKeyReplaced)
  return live
}

function libraryRoutes(
  app: HttpServer,
  { library, settings, clock, users }: { library: Library; settings: Settings; clock: Clock; users: Users },
): void {
  const { assets, storage, files, albums, timeline, jobs, pictures } = library
  const trashEnabled = async () => (await settings.current()).config.trash.enabled
  assetRoutes(app, { assets, storage, files, clock, trashEnabled })
  albumRoutes(app, { albums, assets })
  timelineRoutes(app, {
    timeline,
    maySeeAlbum: async (ownerId, id) => (await albums.byId({ ownerId, id })) !== undefined,
  })
  jobRoutes(app, { jobs, queueOf })
  const peopleAreVisible = async () => (await settings.current()).config.server.publicUsers
  profilePictureRoutes(app, { pictures, storage, users, peopleAreVisible })
}
