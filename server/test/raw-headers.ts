import { domainToASCII } from 'node:url'

/** A small random generator (mulberry32): the same seed makes the same cases. */
export function createDice(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (probability: number) => next() < probability,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
  }
}
type Dice = ReturnType<typeof createDice>

const identityNames = ['remote-email', 'remote-name', 'remote-groups']
const otherNames = [
  'x-other',
  'accept',
  'cookie',
  'user-agent',
  'x-forwarded-for',
  'remote-user',
  'remote-emails',
  'xremote-email',
  'host2',
  'connection',
  'via',
  'te',
]
const goodValues = [
  'gran@home.example',
  'Anna@Home.Example',
  'a@b',
  "o'neil+photos@mail.home.example",
  'x_y=z@sub.home.example',
  'gran@b\xc3\xbccher.example',
]
const oddValues = [
  '',
  ' ',
  '-',
  'null',
  '(null)',
  '{http.reverse_proxy.header.Remote-Email}',
  '%{OIDC_CLAIM_email}e',
  '$email',
  'gran',
  '@',
  'gran@',
  '@home.example',
  'gran@@home.example',
  'gran@home.example@evil.example',
  'gran@home..example',
  '.gran@home.example',
  'gran.@home.example',
  'gran@-home.example',
  'gran@127.0.0.1',
  'gran@[127.0.0.1]',
  'gran@0x7f',
  '"gran"@home.example',
  'gran@home.example ',
  '\tgran@home.example\t',
  'gran @home.example',
  'gran@home.example;anna@home.example',
  'gran@home.example,gran@home.example',
  'gran@home.example, gran@home.example',
  'gran@home.example,anna@home.example',
  ',gran@home.example',
  'gran@home.example,',
  '<gran@home.example>',
  'mailto:gran@home.example',
  'gran@home.example\xa0',
  '\xe2\x80\xaegran@home.example',
  'gr\xc3\xa4n@home.example',
  '\xe2\x84\xaaate@home.example',
  'gran@home.example\x00',
  'gran@\xff.example',
  'gran@xn--bcher-kva.example',
  'gran%40home.example',
  '=?utf-8?q?gran=40home.example?=',
]

/** One request to `path`, made of lines that are nearly right: names and values of identity headers, bent and broken. */
export function rawRequest(dice: Dice, path: string): string {
  const lines = ['Host: porchlight']
  const count = 1 + dice.below(4)
  for (let index = 0; index < count; index++) lines.push(headerLine(dice))
  if (dice.chance(0.5))
    lines.splice(dice.below(lines.length + 1), 0, `Remote-Email: ${dice.pick(goodValues)}`)
  const request = `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
  // Now and then a byte anywhere: a line end lost or won, a letter changed.
  return dice.chance(0.03) ? withByte(dice, request) : request
}

function headerLine(dice: Dice): string {
  const name = dice.chance(0.7) ? bentName(dice, dice.pick(identityNames)) : dice.pick(otherNames)
  const separator = dice.chance(0.96) ? ': ' : dice.pick([':', ' : ', ':\t', ':  ', '', '=', ':\r\n '])
  return name + separator + value(dice)
}

function bentName(dice: Dice, name: string): string {
  if (dice.chance(0.4)) return name
  if (dice.chance(0.4)) return recased(dice, name)
  if (dice.chance(0.5)) return name.replace('-', dice.pick(['_', '.', '', '--', '~', '+', "'", '|']))
  if (dice.chance(0.6)) return dice.pick([`-${name}`, `${name}-`, `x-${name}`, `${name}.`, name.slice(1)])
  // What no parser may take for a name.
  const letter = dice.pick([' ', '\x00', '\t', '\xad', '\xc3\xa9', '\xef\xbb\xbf', '(', ','])
  const at = dice.below(name.length + 1)
  return name.slice(0, at) + letter + name.slice(at)
}

const recased = (dice: Dice, name: string) =>
  name.replaceAll(/[a-z]/g, (letter) => (dice.chance(0.5) ? letter.toUpperCase() : letter))

function value(dice: Dice): string {
  if (dice.chance(0.4)) return dice.pick(goodValues)
  if (dice.chance(0.6)) return dice.pick(oddValues)
  if (dice.chance(0.3))
    return `${dice.pick(goodValues)}${dice.pick([',', ', ', ' ', ';', '\t'])}${dice.pick([...goodValues, ...oddValues])}`
  if (dice.chance(0.02)) return 'a'.repeat(dice.below(20_000))
  // Control characters end at the parser; most of what is tested comes after it.
  const lowest = dice.chance(0.9) ? 32 : 0
  const byte = () => String.fromCharCode(lowest + dice.below(256 - lowest))
  return Array.from({ length: dice.below(30) }, byte)
    .join('')
    .replaceAll(dice.chance(0.9) ? '\x7f' : '', '')
}

function withByte(dice: Dice, request: string): string {
  const at = dice.below(request.length)
  const byte = String.fromCharCode(
    dice.chance(0.4) ? dice.pick([0, 9, 10, 13, 32, 44, 58, 127, 255]) : dice.below(256),
  )
  const [added, from] = [dice.chance(0.5) ? byte : '', dice.chance(0.5) ? at + 1 : at]
  const bent = request.slice(0, at) + added + request.slice(from)
  // Without an end the server would wait for more.
  return bent.endsWith('\r\n\r\n') ? bent : `${bent}\r\n\r\n`
}

/**
 * Whom a request may be taken for, by a reading of its own: the lines by RFC 9112 section 2.1 and 5, exactly one of the
 * identity header, none that some hop could take for one of ours, and one strict address in it.
 * `sure`: nothing in it is doubtful, so that the server must take it so.
 */
export function referenceIdentity(request: string): { email: string | undefined; sure: boolean } {
  const head = request.split('\r\n\r\n', 1)[0] ?? ''
  const lines = head
    .split('\r\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const)
  const sure =
    request.length < 8000 &&
    head.split('\r\nHost: ').length === 2 &&
    head.split('\r\n').every((line, index) => isPlain(line, index))
  const keyOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  for (const name of identityNames) {
    const alike = lines.filter(([given]) => keyOf(given) === keyOf(name))
    if (alike.length > 1 || alike.some(([given]) => given.toLowerCase() !== name))
      return { email: undefined, sure }
  }
  const [, line = ''] = lines.find(([name]) => name.toLowerCase() === 'remote-email') ?? []
  return { email: addressIn(line), sure }
}

/** A request line or header line as everybody writes them. Framing headers are not: they have rules of their own. */
function isPlain(line: string, index: number): boolean {
  if (index === 0) return /^GET \/api\/(users\/me|auth\/trusted-header\/preview) HTTP\/1\.1$/.test(line)
  return /^[\w!#$%&'*+.^`|~-]+:[\t ]*[\x21-\x7e]?[\x20-\x7e]*$/.test(line) && !/^(connection|te):/i.test(line)
}

function addressIn(line: string): string | undefined {
  const parts = line.split(',').map((part) => part.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
  const [text = ''] = parts
  if (new Set(parts).size !== 1) return undefined
  const [, local = '', domain = ''] = /^([^@]+)@([^@]+)$/.exec(Buffer.from(text, 'latin1').toString()) ?? []
  const atoms = local.toLowerCase().split('.')
  if (local.length > 64 || !atoms.every((atom) => /^[a-z0-9!#&'*+/=?^_`|~-]+$/.test(atom))) return undefined
  const ascii = /^[\x21-\x7e]+$/.test(domain) ? domain.toLowerCase() : domainToASCII(domain)
  const labels = ascii.split('.')
  if (!labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return undefined
  if (/^(\d+|0x[\da-f]*)$/.test(labels.at(-1) ?? '')) return undefined
  const email = `${local.toLowerCase()}@${ascii}`
  return email.length <= 254 ? email : undefined
}
