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

/** JSON lines on standard output, or on `destination`. Credentials in logged headers are masked. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: { paths: [...secrets.map((name) => `*.headers["${name}"]`), rawRequest], censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}
