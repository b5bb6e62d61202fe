import { reportText } from '../sign-in-check/report-text.ts'
import { runCheck } from '../sign-in-check/run-check.ts'
import { CommandProblem, type Command } from './commands.ts'

type Asked = { url: string | undefined; cookie: string | undefined; insecure: boolean; colour: boolean }

/** The sign-in check from a shell: the same probes and the same findings as on the admin page. */
export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[address] [--cookie "name=value"] [--insecure] [--no-color]',
  does: 'Tries the way in that people use (https://photos.example.com) as a stranger would, and says what to mend',
  async run({ settings, checks, print, isTerminal }, words) {
    const asked = readWords(words)
    const inForce = await settings.current()
    const origin = originOf(asked.url ?? inForce.config.server.externalDomain)
    const { nonce } = await checks.start()
    const { cookie, insecure } = asked
    const { lines, run } = await runCheck({ inForce, nonce, to: { origin, cookie, insecure } })
    const [first] = run?.observations ?? []
    if (first && run?.observations.length === 1 && 'failed' in first.answer)
      throw new CommandProblem(`${origin} cannot be reached from this machine: ${first.answer.failed}`)

    print(reportText(lines, { colour: isTerminal && asked.colour }))
    if (cookie === undefined) print(`\n${cookieHint}`)
    const wrong = lines.filter(({ level }) => level === 'bad').length
    if (wrong > 0)
      throw new CommandProblem(`\n${wrong === 1 ? 'One thing is' : `${wrong} things are`} wrong.`)
  },
}

const cookieHint =
  'What arrives for somebody who is signed in was not tried. For that, sign in in a browser and pass the cookie of the login service: --cookie "authelia_session=…"'

function readWords(words: readonly string[]): Asked {
  const asked: Asked = { url: undefined, cookie: undefined, insecure: false, colour: true }
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--insecure') asked.insecure = true
    else if (word === '--no-color') asked.colour = false
    else if (word === '--cookie') asked.cookie = cookieIn(words[++index])
    else if (word.startsWith('--cookie=')) asked.cookie = cookieIn(word.slice('--cookie='.length))
    else if (word.startsWith('-')) throw new CommandProblem(`“${word}” is not an option of doctor`)
    else if (asked.url === undefined) asked.url = word
    else throw new CommandProblem(`“${word}” is too much; doctor looks at one address`)
  }
  return asked
}

/** One line of text, as it goes into a header. */
function cookieIn(text: string | undefined): string {
  if (text !== undefined && /^[\x20-\x7e]+=[\x20-\x7e]*$/.test(text)) return text
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
