export type ProxyKind = 'caddy' | 'nginx' | 'haproxy' | 'apache' | 'traefik' | 'unknown'

export const proxyKinds: readonly ProxyKind[] = ['caddy', 'nginx', 'haproxy', 'apache', 'traefik', 'unknown']

/** Which proxy handed an answer on, by the names that some write into it; HAProxy and Traefik write none. */
export function proxyKindOf(headers: Pick<Headers, 'get'>): ProxyKind {
  const words = `${headers.get('Server') ?? ''} ${headers.get('Via') ?? ''}`.toLowerCase()
  return (
    (['caddy', 'nginx', 'apache', 'haproxy', 'traefik'] as const).find((kind) => words.includes(kind)) ??
    'unknown'
  )
}
