import { parseArgs } from 'node:util'
import { reportText } from '../sign-in-check/report-text.ts'
import { runCheck } from '../sign-in-check/run-check.ts'
import { CommandProblem, type Command } from './commands.ts'

type Asked = {
  url: string | undefined
  cookie: string | undefined
  via: { host: string; port?: number } | undefined
  insecure: boolean
  colour: boolean
  json: boolean
}

/** The sign-in check from a shell: the same probes and the same findings as on the admin page. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[address] [--cookie "name=value"] [--via host[:port]] [--insecure] [--json] [--no-color]',
  does: 'Tries the way in that people use (https://photos.example.com) as a stranger would, and says what to mend',
  async run({ settings, checks, print, isTerminal }, words) {
    const asked = readWords(words)
    const inForce = await settings.current()
    const origin = originOf(asked.url ?? inForce.config.server.externalDomain)
    const { nonce } = await checks.start()
    const { cookie, insecure, via } = asked
    const { lines, run } = await runCheck({ inForce, nonce, to: { origin, cookie, insecure, via } })
    const [first] = run?.observations ?? []
    if (first && run?.observations.length === 1 && 'failed' in first.answer)
      throw new CommandProblem(`${origin} cannot be reached from this machine: ${first.answer.failed}`)

    if (asked.json) print(JSON.stringify(lines, undefined, 2))
    else print(reportText(lines, { colour: isTerminal && asked.colour }))
    if (cookie === undefined && !asked.json) print(`\n${cookieHint}`)
    const wrong = lines.filter(({ level }) => level === 'bad').length
    if (wrong > 0)
      throw new CommandProblem(`\n${wrong === 1 ? 'One thing is' : `${wrong} things are`} wrong.`)
  },
}

const cookieHint =
  'What arrives for somebody who is signed in was not tried. For that, sign in in a browser and pass the cookie of the login service: --cookie "authelia_session=…"'

function readWords(words: readonly string[]): Asked {
  const { values, positionals } = parsedWords(words)
  if (positionals.length > 1)
    throw new CommandProblem(`“${positionals[1]}” is too much; doctor looks at one address`)
  return {
    url: positionals[0],
    cookie: values.cookie === undefined ? undefined : cookieIn(values.cookie),
    via: values.via === undefined ? undefined : hostIn(values.via),
    insecure: values.insecure,
    colour: !values['no-color'],
    json: values.json,
  }
}

function parsedWords(words: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const options = { cookie: text, via: text, insecure: flag, json: flag, 'no-color': flag }
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options })
  } catch (error) {
    throw new CommandProblem(error instanceof Error ? error.message : String(error))
  }
}

/** The address of the proxy, for when the public name leads elsewhere from this machine. */
function hostIn(text: string): { host: string; port?: number } {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined || Number(port ?? 1) > 65_535)
    throw new CommandProblem('--via takes a host, or host:port')
  return port === undefined ? { host } : { host, port: Number(port) }
}

/** One line of text, as it goes into a header. */
function cookieIn(text: string): string {
  if (/^[\x20-\x7e]+=[\x20-\x7e]*$/.test(text)) return text
  throw new CommandProblem('--cookie takes what a browser shows as name=value, in quotes')
}

function originOf(text: string): string {
  const withScheme = text === '' || text.includes('://') ? text : `https://${text}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url.origin
  throw new CommandProblem(
    text === ''
      ? 'Say at which address people reach this server, for example: porchlight doctor https://photos.example.com'
      : `“${text}” is not an address like https://photos.example.com`,
  )
}
