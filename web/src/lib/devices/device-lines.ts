import type { DeviceSecret } from './device-api.ts'

/**
 * What a QR code holds for a machine that has a camera, or a person with a phone beside a machine: the two lines by whose
 * names Immich's command line reads them from its environment; a session token stands under a name of its own.
 */
export const textForDevice = (
  { secret, header }: Pick<DeviceSecret, 'secret' | 'header'>,
  origin: string,
): string =>
  [
    `IMMICH_INSTANCE_URL=${origin}/api`,
    `${header === 'x-api-key' ? 'IMMICH_API_KEY' : 'IMMICH_SESSION_TOKEN'}=${secret}`,
  ].join('\n')
