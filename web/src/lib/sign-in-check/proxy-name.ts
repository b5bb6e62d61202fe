const names: Record<string, string> = {
  caddy: 'Caddy',
  nginx: 'nginx',
  haproxy: 'HAProxy',
  apache: 'Apache',
  traefik: 'Traefik',
  envoy: 'Envoy',
  porchlight: 'Porchlight',
}

/** A proxy as its makers write it. */
export const proxyName = (kind: string): string => names[kind] ?? kind
