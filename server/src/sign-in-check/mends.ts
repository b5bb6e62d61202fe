import { readHeaders, titled } from './probe-plan.ts'
import type { Policy } from '@porchlight/trusted-header'
import type { Mend, ProxyKind } from './sign-in-check.ts'

/** What is wrong, as far as it takes different lines to mend it. */
export type Cause =
  | 'client-value'
  | 'adds'
  | 'alias'
  | 'connection'
  | 'placeholder'
  | 'lost'
  | 'secret'
  | 'host'

type Names = { headers: readonly string[]; prefix: string | undefined; secret: string | undefined }
type Recipe = (names: Names) => Omit<Mend, 'proxy'>

/**
 * The lines of our recipes (the deploy folder), by cause and proxy, with the header names that are configured. They are the
 * very lines of the files, so that what is proposed is what was tried.
 */
export function mendFor(cause: Cause, proxy: ProxyKind, policy: Policy): Mend | undefined {
  const recipe = (recipes[proxy] ?? {})[cause]
  if (!recipe) return undefined
  const headers = readHeaders(policy).map(([, name]) => titled(name))
  const secret = policy.secret && titled(policy.secret.header)
  return { proxy, ...recipe({ headers, prefix: prefixOf(headers), secret }) }
}

/** `Remote` for Remote-Email, Remote-Name; undefined where the names begin differently. */
function prefixOf(headers: readonly string[]): string | undefined {
  const starts = headers.map((name) => name.split('-').slice(0, -1).join('-'))
  const [first = ''] = starts.toSorted((one, two) => one.length - two.length)
  const isShared = first !== '' && headers.every((name) => name.startsWith(`${first}-`))
  // These begin names that say other things as well.
  return isShared && !/^X(-(Auth|Forw\w*))?$/.test(first) ? first : undefined
}

const spellings = (name: string) => [name, name.replaceAll('-', '_'), name.replaceAll('-', '.')]

const caddyStrip: Recipe = ({ headers, prefix }) => ({
  where:
    'in Caddy, as the first lines of route { … }, and of every other block of this site that leads to Porchlight',
  lines: prefix
    ? ['-*', '_*', '.*'].map((end) => `request_header -${prefix}${end}`)
    : headers.flatMap((name) => spellings(name).map((one) => `request_header -${one}`)),
})

/** The beginnings of names that nobody needs in Connection; `porchlight` for the shared secret. */
const connectionStart = (headers: readonly string[], prefix: string | undefined): string =>
  prefix === undefined ? `(${headers.join('|').toLowerCase()})` : `(${prefix.toLowerCase()}|porchlight)[-_.]`

const caddyGuard: Recipe = ({ headers, prefix }) => ({
  where: 'in Caddy, as the first lines inside route { … } of this site',
  lines: [
    `@hop_by_hop header_regexp Connection (?i)${connectionStart(headers, prefix)}`,
    'respond @hop_by_hop 400',
  ],
})

const caddyPlaceholders: Recipe = ({ headers }) => ({
  where: 'in Caddy (needed before 2.9), after forward_auth and before reverse_proxy',
  lines: headers.flatMap((name) => {
    const matcher = `@no_${name.split('-').at(-1)?.toLowerCase()}`
    return [`${matcher} header_regexp ${name} ^\\{`, `request_header ${matcher} -${name}`]
  }),
})

/** The whole right order, since whoever has the wrong one has none of the rest. */
const caddyOrder: Recipe = (names) => ({
  where:
    'in Caddy, put everything of this site into one route { … } block in this order (outside of route, Caddy runs request_header after forward_auth, whatever the order of the lines)',
  lines: [
    'route {',
    ...[caddyGuard, caddyStrip].flatMap((recipe) => recipe(names).lines).map((line) => `\t${line}`),
    '\tforward_auth … { … }',
    ...caddyPlaceholders(names).lines.map((line) => `\t${line}`),
    '\treverse_proxy …',
    '}',
  ],
})

const nginxInclude: Recipe = ({ headers }) => ({
  where: `in nginx, in every location that passes requests to Porchlight, whether it asks the login service or not, in place of its own proxy_set_header lines: with one of these a location inherits none. The file sets ${headers.join(', ')} to what the login service said, or to nothing`,
  lines: ['include porchlight-identity.conf;'],
})

const nginxUnderscores: Recipe = () => ({
  where: 'in nginx, in this server block (these are its defaults)',
  lines: ['underscores_in_headers off;', 'ignore_invalid_headers on;'],
})

/** `Remote-Email` as a pattern for every spelling of it. */
const anySpelling = (name: string) => name.toLowerCase().replaceAll('-', '[^a-z0-9]')

const haproxyStrip: Recipe = ({ headers, prefix }) => ({
  where: 'in HAProxy, in the frontend, before the login service is asked',
  lines: prefix
    ? [`http-request del-header ^${anySpelling(prefix)}[^a-z0-9] -m reg`]
    : headers.map((name) => `http-request del-header ^${anySpelling(name)}$ -m reg`),
})

const haproxySet: Recipe = (names) => ({
  where: `${haproxyStrip(names).where}; and use set-header, never add-header, for what it said`,
  lines: haproxyStrip(names).lines,
})

const haproxyNames: Recipe = () => ({
  where: 'in HAProxy, in the defaults section',
  lines: ['option http-restrict-req-hdr-names delete'],
})

const haproxySecret: Recipe = ({ secret = '' }) => ({
  where: 'in HAProxy, in the frontend, before you set it yourself',
  lines: [`http-request del-header ^${anySpelling(secret.replace(/-[^-]*$/, ''))}[^a-z0-9] -m reg`],
})

const caddySecret: Recipe = ({ secret = '' }) => ({
  where: 'in Caddy, as the first lines inside route { … } of this site, before you set it yourself',
  lines: ['-*', '_*', '.*'].map((end) => `request_header -${secret.replace(/-[^-]*$/, '')}${end}`),
})

const nginxSecret: Recipe = ({ secret = '' }) => ({
  where:
    'in nginx, in every location that passes requests to Porchlight (or the secret itself in place of the empty text)',
  lines: [`proxy_set_header ${secret} '';`],
})

const apacheSecret: Recipe = ({ secret = '' }) => ({
  where: 'in Apache, in the virtual host, before you set it yourself',
  lines: spellings(secret).map((one) => `RequestHeader unset ${one} early`),
})

const apacheStrip: Recipe = ({ headers }) => ({
  where: 'in Apache, in the virtual host',
  lines: headers.flatMap((name) => spellings(name).map((one) => `RequestHeader unset ${one} early`)),
})

const apacheGuard: Recipe = ({ headers, prefix }) => ({
  where: 'in Apache, in the virtual host (mod_rewrite)',
  lines: [
    'RewriteEngine on',
    `RewriteCond %{HTTP:Connection} ${connectionStart(headers, prefix).replace(/\[-_\.\]$/, '[^a-z0-9,\\s]')} [NC]`,
    'RewriteRule ^ - [R=400,L]',
  ],
})

const apacheEnv: Recipe = ({ headers }) => ({
  where:
    'in Apache, where the headers are set: each only if its variable is there (the variables are those of mod_auth_openidc)',
  lines: headers.map((name) => {
    const variable = `OIDC_CLAIM_${name.split('-').at(-1)?.toLowerCase()}`
    const isThere = variable.endsWith('email')
      ? `"expr=-n reqenv('${variable}') && reqenv('${variable}_verified') == '1'"`
      : `env=${variable}`
    return `RequestHeader set ${name} "%{${variable}}e" ${isThere}`
  }),
})

const traefikStrip: Recipe = ({ headers }) => ({
  where: 'in Traefik, a headers middleware before forwardAuth, on every router that leads to Porchlight',
  lines: ['customRequestHeaders:', ...headers.map((name) => `  ${name}: ""`)],
})

const envoyStrip: Recipe = ({ headers }) => ({
  where: 'in Envoy, in the http_connection_manager, so that it comes before ext_authz',
  lines: ['early_header_mutation_extensions:', ...headers.map((name) => `  remove: ${name.toLowerCase()}`)],
})

const recipes: Partial<Record<ProxyKind, Partial<Record<Cause, Recipe>>>> = {
  caddy: {
    'client-value': caddyStrip,
    adds: caddyStrip,
    alias: caddyStrip,
    connection: caddyGuard,
    placeholder: caddyPlaceholders,
    lost: caddyOrder,
    secret: caddySecret,
  },
  nginx: {
    'client-value': nginxInclude,
    adds: nginxInclude,
    alias: nginxUnderscores,
    lost: nginxInclude,
    secret: nginxSecret,
  },
  haproxy: {
    'client-value': haproxyStrip,
    adds: haproxySet,
    alias: haproxyNames,
    secret: haproxySecret,
  },
  apache: {
    'client-value': apacheStrip,
    adds: apacheStrip,
    alias: apacheStrip,
    connection: apacheGuard,
    placeholder: apacheEnv,
    secret: apacheSecret,
  },
  traefik: { 'client-value': traefikStrip },
  envoy: { 'client-value': envoyStrip },
}
