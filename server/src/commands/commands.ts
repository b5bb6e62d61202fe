import type { SettingsStore } from '../config/settings-store.ts'
import type { Settings } from '../config/settings.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { CheckNonces } from '../sign-in-check/sign-in-check.ts'
import type { PasswordHashes } from '../users/password-hash.ts'
import type { Users } from '../users/users.ts'

/** What a command works with: the same parts as the server, on the same database, whether or not it is running. */
export type CommandPorts = {
  settings: Settings
  settingsStore: SettingsStore
  users: Users
  sessions: Sessions
  passwords: PasswordHashes
  checks: Pick<CheckNonces, 'start'>
  isTerminal: boolean
  print(line: string): void
}

/** One thing that `porchlight` can do. Words before it (`settings show`) are its name. */
export type Command = {
  name: string
  /** What follows the name, for the help. */
  usage: string
  does: string
  /** @throws {CommandProblem} with a line for the person at the keyboard */
  run(ports: CommandPorts, words: readonly string[]): Promise<void>
}

/** Something the person at the keyboard can mend. The message says what to do. */
export class CommandProblem extends Error {
  override name = 'CommandProblem'
}

/** @throws {CommandProblem} when there are fewer or more words than the command takes */
export function mustHaveWords(
  words: readonly string[],
  { least, most }: { least: number; most: number },
): void {
  if (words.length < least) throw new CommandProblem('Something is missing after the command')
  if (words.length > most) throw new CommandProblem(`“${words[most]}” is too much; quote what holds blanks`)
}
