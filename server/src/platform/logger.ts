import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger }

/** Everything that lets its bearer in, wherever a header object is logged. */
const secrets = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-immich-user-token',
  'x-immich-session-token',
]

/** A request that could not be parsed, byte by byte: whatever secret it holds. */
const rawRequest = '*.rawPacket'

/** What a database says of a row it refuses: whatever is in the row. */
const rowValues = ['*.detail', '*.where', '*.parameters']

/**
 * Escapes of JSON, which stay (a mask that begins within one would break the line); JSON Web Tokens; e-mail addresses,
 * of which the first letter and the domain stay. Lengths are bounded, so that a long line takes no long time.
 */
const masked =
  /\\(?:u[\da-f]{4}|.)|eyJ[\w-]{8,}(?:\.[\w-]*)*|([\w!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{0,64}(@[\w-]{1,63}\.[\w.-]{1,255})/gi

/** Whatever a message or an error brings along: nobody's address or token is in the log. */
const maskLine = (line: string): string =>
  line.replace(masked, (found, first?: string, domain?: string) => {
    if (domain !== undefined) return `${first}***${domain}`
    return found.startsWith('\\') ? found : '[secret]'
  })

/** JSON lines on standard output, or on `destination`. Credentials in logged headers, addresses and tokens are masked. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: {
      paths: [...secrets.map((name) => `*.headers["${name}"]`), rawRequest, ...rowValues],
      censor: '[secret]',
    },
    hooks: { streamWrite: maskLine },
  }
  return destination ? pino(options, destination) : pino(options)
}
