/** 32 bytes of chance as text that fits into any header and any config file. */
export function makeSecret(random: (bytes: Uint8Array<ArrayBuffer>) => unknown): string {
  const bytes = new Uint8Array(32)
  random(bytes)
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** Two values live at once, so that the proxy can be changed while both are good: the newest and the one before. */
export const withSecret = (kept: readonly string[], secret: string): string[] => [...kept.slice(-1), secret]

/** `sha256:1f2e…`: enough to tell two secrets apart. A value that was only just made has no hash here. */
export const secretName = (value: string): string =>
  value.startsWith('sha256:') ? `sha256:${value.slice(7, 15)}…` : 'A new one, not saved yet'

/** The line that makes each proxy send it. */
export const secretLines = (header: string, secret: string): { proxy: string; line: string }[] => [
  { proxy: 'Caddy', line: `header_up ${header} "${secret}"` },
  { proxy: 'nginx', line: `proxy_set_header ${header} "${secret}";` },
  { proxy: 'HAProxy', line: `http-request set-header ${header} "${secret}"` },
  { proxy: 'Apache', line: `RequestHeader set ${header} "${secret}"` },
  { proxy: 'Traefik', line: `customRequestHeaders: { ${header}: "${secret}" }` },
]
