import { z } from 'zod'
import type { AuditTrail } from '../audit/audit.ts'
import { changesBetween, deepMerge } from '../platform/deep-merge.ts'
import { adminOnly, open, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { WatchedFile } from './config-file-watch.ts'
import type { Changers } from './changers.ts'
import { appDoorOf } from './app-door.ts'
import type { Settings } from './settings.ts'
import {
  systemConfigBody,
  systemConfigDefaults,
  systemConfigResponse,
  type SystemConfig,
} from './system-config.ts'

const provenance = z.record(
  z.string(),
  z.object({
    source: z.enum(['environment', 'file', 'stored', 'preset', 'default']),
    name: z.string().optional(),
  }),
)

const sources = z.object({
  file: z
    .object({
      path: z.string(),
      problem: z.object({ message: z.string(), line: z.int().optional() }).optional(),
    })
    .optional(),
  environment: z.array(z.string()),
})

type Ports = {
  settings: Settings
  changers: Changers
  audit: Pick<AuditTrail, 'record'>
  configFile: WatchedFile | undefined
}

/** The settings document under the names Immich's clients know, old and new. */
export function settingsRoutes(app: HttpServer, { settings, changers, audit, configFile }: Ports): void {
  const tags = ['settings']
  for (const url of ['/api/system-config', '/api/admin/config']) {
    app.get(
      url,
      {
        config: { access: adminOnly('systemConfig.read') },
        schema: { tags, response: { 200: systemConfigResponse } },
      },
      async () => (await settings.current()).config,
    )
    app.get(
      `${url}/defaults`,
      {
        config: { access: adminOnly('systemConfig.read') },
        schema: { tags, response: { 200: systemConfigResponse } },
      },
      async () => systemConfigDefaults,
    )
    app.put(
      url,
      {
        config: { access: adminOnly('systemConfig.update') },
        schema: { tags, body: systemConfigBody, response: { 200: systemConfigResponse } },
      },
      async (request) => {
        const { config } = await settings.current()
        const saved = await settings.save(
          deepMerge(
            { trustedHeader: config.trustedHeader, audit: config.audit },
            request.body,
          ) as SystemConfig,
          await changers.changerOf(request),
        )
        const details = changesBetween(config, saved)
        if (Object.keys(details).length > 0)
          audit.record({ kind: 'settings_changed', ...changers.actorOf(request), details })
        return saved
      },
    )
  }

  app.get(
    '/api/system-config/provenance',
    { config: { access: adminOnly('systemConfig.read') }, schema: { tags, response: { 200: provenance } } },
    async () => settings.provenance(),
  )

  app.get(
    '/api/system-config/sources',
    { config: { access: adminOnly('systemConfig.read') }, schema: { tags, response: { 200: sources } } },
    async () => {
      const { path, problem } = configFile ?? {}
      const variables = Object.values(await settings.provenance())
        .filter(({ source }) => source === 'environment')
        .map(({ name = '' }) => name)
      return {
        environment: [...new Set(variables)],
        ...(path === undefined ? {} : { file: { path, ...(problem ? { problem } : {}) } }),
      }
    },
  )

  visibleRoutes(app, settings)
}

/** What members, and what everybody, may know of the settings. */
function visibleRoutes(app: HttpServer, settings: Settings): void {
  const tags = ['settings']
  const anyDocument = z.looseObject({})

  app.get(
    '/api/config',
    { config: { access: signedIn(false) }, schema: { tags, response: { 200: anyDocument } } },
    async () => forMembers((await settings.current()).config),
  )
  app.get(
    '/api/config/defaults',
    { config: { access: signedIn(false) }, schema: { tags, response: { 200: anyDocument } } },
    async () => forMembers(systemConfigDefaults),
  )
  app.get(
    '/api/public/config',
    { config: { access: open }, schema: { tags, response: { 200: anyDocument } } },
    async () => forEverybody((await settings.current()).config),
  )
  app.get(
    '/api/public/config/defaults',
    { config: { access: open }, schema: { tags, response: { 200: anyDocument } } },
    async () => forEverybody(systemConfigDefaults),
  )
}

function forEverybody(config: SystemConfig) {
  const { passwordLogin, server, theme, trustedHeader } = config
  return {
    oauth: appDoorOf(config),
    passwordLogin,
    server: { loginPageMessage: server.loginPageMessage },
    theme,
    // Absent while off: clients that compare the answer exactly see what they know.
    ...(trustedHeader.enabled ? { trustedHeader: { enabled: true } } : {}),
  }
}

function forMembers(config: SystemConfig) {
  const { ffmpeg, image, machineLearning, map, passwordLogin, reverseGeocoding, server, theme, trash, user } =
    config
  const size = ({ size, format }: { size: number; format: string }) => ({ size, format })
  return {
    ffmpeg: { realtime: ffmpeg.realtime },
    image: { thumbnail: size(image.thumbnail), preview: size(image.preview) },
    machineLearning: {
      enabled: machineLearning.enabled,
      clip: { enabled: machineLearning.clip.enabled },
      duplicateDetection: { enabled: machineLearning.duplicateDetection.enabled },
      facialRecognition: {
        enabled: machineLearning.facialRecognition.enabled,
        minFaces: machineLearning.facialRecognition.minFaces,
      },
      ocr: { enabled: machineLearning.ocr.enabled },
    },
    map,
    oauth: appDoorOf(config),
    passwordLogin,
    reverseGeocoding,
    server,
    theme,
    trash,
    user,
  }
}
