import { openConfigFile, type WatchedFile } from './config/config-file-watch.ts'
import { environmentSettings } from './config/environment-settings.ts'
import { createSettingsStore } from './config/settings-store.ts'
import { createSettings, type Probation, type Settings } from './config/settings.ts'
import type { AuditEvent } from './audit/audit.ts'
import type { Database } from './database/database.ts'
import type { Clock } from './platform/clock.ts'
import type { Environment } from './platform/environment.ts'
import type { Logger } from './platform/logger.ts'

type Surroundings = { environment: Environment; logger: Logger; clock: Clock; db: Database }

/** The settings file is followed once `configFile.follow(settings.takeFile)` has been called. */
export type OpenSettings = { settings: Settings; configFile: WatchedFile | undefined }

/**
 * The settings out of their sources, as the server and the command line both use them.
 *
 * @throws {StartProblem} when the file or the environment does not validate
 */
export async function openSettings({ environment, logger, clock, db }: Surroundings): Promise<OpenSettings> {
  const path = environment.values.PORCHLIGHT_CONFIG_FILE
  const configFile = path === undefined ? undefined : await openConfigFile(path, logger)
  const settings = await createSettings({
    store: createSettingsStore({ db, clock }),
    clock,
    logger,
    environment: await environmentSettings(environment),
    file: configFile?.layer,
  })
  return { settings, configFile }
}

/** What the trail tells of new sign-in settings that nobody confirmed. Whichever process looks first takes them back. */
export const rollbackEvent = ({ by, changed }: Probation): AuditEvent => ({
  kind: 'settings_changed',
  code: 'rolled_back',
  userId: by,
  details: { changed },
})
