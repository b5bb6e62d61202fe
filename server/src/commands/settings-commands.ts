import { z } from 'zod'
import { readStored } from '../config/probation.ts'
import type { Provenance } from '../config/settings.ts'
import type { SystemConfig } from '../config/system-config.ts'
import { deepMerge, documentOf, leavesOf, type PlainObject } from '../platform/deep-merge.ts'
import { Problem } from '../platform/problem.ts'
import { CommandProblem, mustHaveWords, type Command } from './commands.ts'

/** Settings from a shell: the way back in when the admin page cannot be reached. */
export const settingsCommands: readonly Command[] = [
  {
    name: 'settings show',
    usage: '[section or setting]',
    does: 'Shows settings, their values and where each comes from; without a name those that somebody has set',
    async run({ settings, print }, words) {
      mustHaveWords(words, { least: 0, most: 1 })
      const leaves = leavesOf((await settings.current()).config)
      const provenance = await settings.provenance()
      const shown = [...leaves].filter(([path]) => isShown(path, words[0], provenance[path]))
      if (shown.length === 0) print(words[0] ? unknown(words[0]) : 'Every setting has its default.')
      const width = Math.max(...shown.map(([path]) => path.length))
      for (const [path, value] of shown)
        print(`${path.padEnd(width)}  ${JSON.stringify(value)}  (${origin(provenance[path])})`)
    },
  },
  {
    name: 'settings set',
    usage: '<setting> <value>',
    does: 'Changes one setting, for example: settings set trustedHeader.networks "10.3.3.7/32"',
    async run({ settings, print }, words) {
      mustHaveWords(words, { least: 2, most: 2 })
      const [path = '', text = ''] = words
      const { config } = await settings.current()
      if (!leavesOf(config).has(path)) throw new CommandProblem(unknown(path))
      const wanted = deepMerge(config, documentOf([[path, parsed(text, path, config)]])) as SystemConfig
      try {
        const saved = await settings.save(wanted, 'program')
        print(
          `${path} is ${JSON.stringify(leavesOf(saved).get(path))} now. A running server follows at once.`,
        )
      } catch (error) {
        if (error instanceof Problem) throw new CommandProblem(error.message)
        throw error instanceof z.ZodError ? new CommandProblem(explain(error)) : error
      }
    },
  },
  {
    name: 'settings reset',
    usage: '<section or setting>',
    does: 'Forgets what the admin page stored, for example: settings reset trustedHeader',
    async run({ settingsStore, print }, words) {
      mustHaveWords(words, { least: 1, most: 1 })
      const [path = ''] = words
      // Not through the settings: they may be the very thing that does not validate.
      const leaves = [...leavesOf(storedIn(await settingsStore.read()))]
      const kept = leaves.filter(([leaf]) => !isBelow(leaf, path))
      await settingsStore.write(JSON.stringify(documentOf(kept)))
      const gone = leaves.length - kept.length
      if (gone === 0)
        print(`Nothing was stored for ${path}; the file and the environment are not changed here.`)
      else
        print(
          `${gone} stored ${gone === 1 ? 'value' : 'values'} forgotten. A running server follows at once.`,
        )
    },
  },
]

const isBelow = (leaf: string, path: string) => leaf === path || leaf.startsWith(`${path}.`)

function isShown(path: string, asked: string | undefined, provenance: Provenance | undefined): boolean {
  return asked === undefined ? (provenance?.source ?? 'default') !== 'default' : isBelow(path, asked)
}

const unknown = (path: string) =>
  `There is no setting ${path}. Names are like trustedHeader.networks; “porchlight settings show trustedHeader” lists a section.`

function origin(provenance: Provenance | undefined): string {
  const { source, name } = provenance ?? { source: 'default' }
  if (source === 'environment') return `set by ${name}`
  return source === 'file' ? `set in ${name}` : source
}

/** A text stays a text, whatever it looks like; everything else is written as in JSON. */
function parsed(text: string, path: string, config: PlainObject): unknown {
  const now = leavesOf(config).get(path)
  if (typeof now === 'string') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Without a probation that runs: what is reset here must not come back when it ends. */
function storedIn(text: string): PlainObject {
  try {
    return readStored(text).stored
  } catch {
    return {}
  }
}

const explain = (error: z.ZodError) =>
  error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n')
