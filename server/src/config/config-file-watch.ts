import { readFile } from 'node:fs/promises'
import type { Logger } from '../platform/logger.ts'
import { readConfigFile, unknownKeys } from './config-file.ts'
import type { Layer } from './settings-layers.ts'

/** What is wrong with the file as it is now; the settings in force come from how it was before. */
export type FileProblem = { message: string; line?: number }

export type WatchedFile = {
  readonly path: string
  /** Undefined while the file and the settings in force agree. */
  readonly problem: FileProblem | undefined
  /** Follows the file from now on: each change is handed to `take`, which throws a StartProblem where it does not validate. */
  follow(take: (file: Layer) => void): void
  close(): void
}

/**
 * The file is looked at this often, in milliseconds. By looking rather than by being told: editors put a new file in
 * place of the old one, and container mounts swap a link, which file events miss.
 */
const interval = 500

/** Reads the settings file, and again whenever it changes. */
export async function openConfigFile(path: string, logger: Logger): Promise<WatchedFile & { layer: Layer }> {
  let problem: FileProblem | undefined
  let timer: NodeJS.Timeout | undefined
  /** The text that was last put in force or refused; undefined: there was no file. */
  let known = await textOf(path)
  let lastSeen = known
  const layer = await layerNow()

  async function layerNow(): Promise<Layer> {
    const { document, lineOf } = await readConfigFile(path)
    for (const key of unknownKeys(document)) logger.warn(`${path}: ${key} is not a setting and does nothing`)
    return { document, lineOf, nameOf: () => path }
  }

  async function look(take: (file: Layer) => void): Promise<void> {
    const text = await textOf(path)
    // Half a file is a file without its last settings: it counts once it has been the same at two looks.
    const isQuiet = text === lastSeen
    lastSeen = text
    if (!isQuiet || text === known) return
    known = text
    try {
      take(await layerNow())
      problem = undefined
      logger.info(`${path} changed and is in force`)
    } catch (error) {
      const { message } = error as Error
      problem = problemOf(message)
      logger.error(`${path} changed and is not in force; the settings stay as they were. ${message}`)
    }
  }

  function follow(take: (file: Layer) => void): void {
    timer = setTimeout(() => void look(take).then(() => timer && follow(take)), interval).unref()
  }

  return {
    path,
    layer,
    get problem() {
      return problem
    },
    follow,
    close() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => undefined)

function problemOf(message: string): FileProblem {
  const line = /, line (\d+)/.exec(message)?.[1]
  return line === undefined ? { message } : { message, line: Number(line) }
}
