import { readConfigFile, unknownKeys } from './config/config-file.ts'
import { environmentSettings } from './config/environment-settings.ts'
import { createSettingsStore } from './config/settings-store.ts'
import { createSettings, type Settings } from './config/settings.ts'
import type { Database } from './database/database.ts'
import type { Clock } from './platform/clock.ts'
import type { Environment } from './platform/environment.ts'
import type { Logger } from './platform/logger.ts'

/**
 * The settings out of their sources, as the server and the command line both use them.
 *
 * @throws {StartProblem} when the file or the environment does not validate
 */
export async function openSettings({
  environment,
  logger,
  clock,
  db,
}: {
  environment: Environment
  logger: Logger
  clock: Clock
  db: Database
}): Promise<Settings> {
  const path = environment.values.PORCHLIGHT_CONFIG_FILE
  const document = path === undefined ? undefined : (await readConfigFile(path)).document
  for (const key of document ? unknownKeys(document) : [])
    logger.warn(`${path}: ${key} is not a setting and does nothing`)

  const fromEnvironment = await environmentSettings(environment)
  return createSettings({
    store: createSettingsStore({ db, clock }),
    logger,
    environment: fromEnvironment,
    file: document && path !== undefined ? { document, nameOf: () => path } : undefined,
  })
}
