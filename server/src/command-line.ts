import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createAuditRowStore } from './audit/audit-row-store.ts'
import { createAuditTrail } from './audit/audit-trail.ts'
import { doctorCommand } from './commands/doctor-command.ts'
import { settingsCommands } from './commands/settings-commands.ts'
import { CommandProblem, type Command } from './commands/commands.ts'
import { userCommands } from './commands/user-commands.ts'
import { createSettingsStore } from './config/settings-store.ts'
import { openDatabase } from './database/database.ts'
import { openSettings, rollbackEvent } from './open-settings.ts'
import { systemClock } from './platform/clock.ts'
import { parseEnvironment, StartProblem, type Environment } from './platform/environment.ts'
import { createLogger } from './platform/logger.ts'
import { createSessionStore } from './sessions/session-store.ts'
import { createCheckNonces } from './sign-in-check/check-nonces.ts'
import { createPasswordHashes } from './users/password-hash.ts'
import { createUserStore } from './users/user-store.ts'

const commands: readonly Command[] = [...settingsCommands, ...userCommands, doctorCommand]

/**
 * `porchlight <command>`: works on the data folder itself, beside a running server or without one. It does not take the
 * folder's lock, since nothing here sweeps files.
 */
async function main(words: readonly string[], variables: NodeJS.ProcessEnv): Promise<number> {
  const command = commands.find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `))
  if (!command) {
    const asksForHelp = words.length === 0 || words.includes('--help') || words[0] === 'help'
    const to = asksForHelp ? process.stdout : process.stderr
    to.write(`${help(words)}\n`)
    return asksForHelp ? 0 : 2
  }
  return run(command, {
    words: words.slice(command.name.split(' ').length),
    environment: parseEnvironment(variables),
  })
}

async function run(
  command: Command,
  { words, environment }: { words: readonly string[]; environment: Environment },
): Promise<number> {
  const { PORCHLIGHT_DATABASE_URL: url, PORCHLIGHT_DATA_DIR: folder } = environment.values
  mustHoldData(folder, url)
  const logger = createLogger('silent')
  const clock = systemClock
  const { db } = await openDatabase({ url, file: join(folder, 'porchlight.sqlite'), logger })
  const passwords = createPasswordHashes()
  const trail = await createAuditTrail({ rows: createAuditRowStore(db), clock, logger })
  try {
    const { settings } = await openSettings({ environment, logger, clock, db })
    settings.onRollback((probation) => trail.record(rollbackEvent(probation)))
    await command.run(
      {
        settings,
        settingsStore: createSettingsStore({ db, clock }),
        users: createUserStore({ db, clock }),
        sessions: createSessionStore({ db, clock }),
        passwords,
        checks: createCheckNonces({ db, clock }),
        isTerminal: process.stdout.isTTY,
        print: (line) => void process.stdout.write(`${line}\n`),
      },
      words,
    )
    return 0
  } finally {
    await trail.close()
    await passwords.close()
    await db.destroy()
  }
}

/** @throws {StartProblem} rather than making an empty database in whatever folder somebody stands in */
function mustHoldData(folder: string, url: string | undefined): void {
  if (url !== undefined || existsSync(join(folder, 'porchlight.sqlite'))) return
  throw new StartProblem(
    `There is no Porchlight data in ${resolve(folder)}; PORCHLIGHT_DATA_DIR names the folder that the server uses`,
  )
}

function help(words: readonly string[]): string {
  const wrong = words.length > 0 && !words.includes('--help') && words[0] !== 'help'
  const asked = wrong ? [`There is no command “${words.slice(0, 2).join(' ')}”.`, ''] : []
  const lines = commands.map(({ name, usage, does }) => `  ${`${name} ${usage}`.padEnd(36)} ${does}`)
  return [...asked, 'porchlight works on the data folder, also while the server runs.', '', ...lines].join(
    '\n',
  )
}

main(process.argv.slice(2), process.env).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const expected = error instanceof CommandProblem || error instanceof StartProblem
    process.stderr.write(
      `${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    )
    process.exitCode = 1
  },
)
