type Door = { origin: string; secret: string }

/**
 * What to type in a terminal to upload a folder with a new key. Secrets are base64url: they need no quoting, but one
 * that begins with a dash would be taken for an option without the `--` before it.
 */
export const commandLines = ({ origin, secret }: Door): readonly [login: string, upload: string] => [
  `npx @immich/cli login ${secret.startsWith('-') ? '-- ' : ''}${origin}/api ${secret}`,
  'npx @immich/cli upload --recursive --album ~/Pictures',
]
