import { z } from 'zod'
import type { LibraryUse } from '../assets/assets.ts'
import { appDoorOf } from '../config/app-door.ts'
import type { Settings } from '../config/settings.ts'
import { adminOnly, open, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { User, Users } from '../users/users.ts'
import { diskUse } from './disk.ts'
import {
  aboutResponse,
  configResponse,
  featuresResponse,
  mediaTypesResponse,
  pingResponse,
  statisticsResponse,
  storageResponse,
  versionResponse,
} from './server-info-wire.ts'
import { apiVersion, apiVersionText, porchlightVersion } from './version.ts'

type Ports = {
  settings: Settings
  users: Users
  dataDir: string
  mediaTypes: { image: readonly string[]; video: readonly string[]; sidecar: readonly string[] }
  /** Versions of the programs media needs; null for a missing one. */
  programs(): Promise<{ ffmpeg: string | null; exiftool: string | null; libvips: string }>
  libraryUse(): Promise<LibraryUse[]>
}

const tags = ['server']

/** What clients ask about the server before and after somebody signs in. */
export function serverInfoRoutes(app: HttpServer, ports: Ports): void {
  publicRoutes(app, ports)
  memberRoutes(app, ports)
}

function publicRoutes(app: HttpServer, { settings, users, mediaTypes }: Ports): void {
  app.get('/.well-known/immich', { schema: { hide: true } }, async () => ({ api: { endpoint: '/api' } }))

  app.get(
    '/api/server/ping',
    { config: { access: open }, schema: { tags, response: { 200: pingResponse } } },
    async () => ({ res: 'pong' as const }),
  )

  app.get(
    '/api/server/version',
    { config: { access: open }, schema: { tags, response: { 200: versionResponse } } },
    async () => apiVersion,
  )

  app.get(
    '/api/server/media-types',
    { config: { access: open }, schema: { tags, response: { 200: mediaTypesResponse } } },
    async () => ({
      image: [...mediaTypes.image],
      video: [...mediaTypes.video],
      sidecar: [...mediaTypes.sidecar],
    }),
  )

  app.get(
    '/api/server/features',
    { config: { access: open }, schema: { tags, response: { 200: featuresResponse } } },
    async () => {
      const { config } = await settings.current()
      return {
        smartSearch: false,
        duplicateDetection: false,
        configFile: settings.hasFile,
        facialRecognition: false,
        map: config.map.enabled,
        trash: config.trash.enabled,
        reverseGeocoding: config.reverseGeocoding.enabled,
        importFaces: false,
        oauth: appDoorOf(config).enabled,
        oauthAutoLaunch: appDoorOf(config).autoLaunch,
        passwordLogin: config.passwordLogin.enabled,
        sidecar: false,
        search: false,
        email: false,
        ocr: false,
        realtimeTranscoding: false,
        ...(config.trustedHeader.enabled ? { trustedHeader: true } : {}),
      }
    },
  )

  app.get(
    '/api/server/config',
    { config: { access: open }, schema: { tags, response: { 200: configResponse } } },
    async () => {
      const { config } = await settings.current()
      const isInitialized = await users.hasAdmin()
      return {
        oauthButtonText: appDoorOf(config).buttonText,
        loginPageMessage: config.server.loginPageMessage,
        trashDays: config.trash.days,
        userDeleteDelay: config.user.deleteDelay,
        isInitialized,
        isOnboarded: isInitialized,
        externalDomain: config.server.externalDomain,
        publicUsers: config.server.publicUsers,
        mapDarkStyleUrl: config.map.darkStyle,
        mapLightStyleUrl: config.map.lightStyle,
        maintenanceMode: false,
        minFaces: config.machineLearning.facialRecognition.minFaces,
      }
    },
  )
}

function memberRoutes(app: HttpServer, { users, dataDir, programs, libraryUse }: Ports): void {
  app.get(
    '/api/server/about',
    { config: { access: signedIn('server.about') }, schema: { tags, response: { 200: aboutResponse } } },
    async () => ({
      version: apiVersionText,
      versionUrl: '',
      licensed: false,
      build: `porchlight ${porchlightVersion}`,
      nodejs: process.version,
      ...versionsOf(await programs()),
    }),
  )

  app.get(
    '/api/server/storage',
    { config: { access: signedIn('server.storage') }, schema: { tags, response: { 200: storageResponse } } },
    async () => diskUse(dataDir),
  )

  app.get(
    '/api/server/version-history',
    {
      config: { access: open },
      schema: {
        tags,
        response: { 200: z.array(z.object({ id: z.string(), createdAt: z.string(), version: z.string() })) },
      },
    },
    async () => [],
  )

  app.get(
    '/api/server/statistics',
    {
      config: { access: adminOnly('server.statistics') },
      schema: { tags, response: { 200: statisticsResponse } },
    },
    async () => statistics(await users.list({ withDeleted: true }), await libraryUse()),
  )
}

/** A program that is not on this machine is absent from the answer: that is how a client knows. */
function versionsOf({ ffmpeg, exiftool, libvips }: Awaited<ReturnType<Ports['programs']>>) {
  return { libvips, ...(ffmpeg === null ? {} : { ffmpeg }), ...(exiftool === null ? {} : { exiftool }) }
}

function statistics(
  users: readonly User[],
  library: readonly LibraryUse[],
): z.infer<typeof statisticsResponse> {
  const byUser = new Map(library.map((use) => [use.userId, use]))
  const usageByUser = users.map((user) => {
    const { photos = 0, videos = 0, usagePhotos = 0, usageVideos = 0 } = byUser.get(user.id) ?? {}
    const counts = { photos, videos, usage: usagePhotos + usageVideos, usagePhotos, usageVideos }
    return { userId: user.id, userName: user.name, ...counts, quotaSizeInBytes: user.quotaBytes }
  })
  const sum = (key: 'photos' | 'videos' | 'usage' | 'usagePhotos' | 'usageVideos') =>
    usageByUser.reduce((total, use) => total + use[key], 0)
  return {
    photos: sum('photos'),
    videos: sum('videos'),
    usage: sum('usage'),
    usagePhotos: sum('usagePhotos'),
    usageVideos: sum('usageVideos'),
    usageByUser,
  }
}
