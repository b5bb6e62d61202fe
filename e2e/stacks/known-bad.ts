/** A configuration as people really write it, and how the sign-in check's lines go into it. */
export type KnownBad = {
  title: string
  proxy: 'caddy' | 'nginx' | 'haproxy' | 'apache'
  /** Makes it out of our recipe. */
  breaks(recipe: string): string
  /** Which finding names it, and in which words. */
  finding: { id: string; level: 'bad' | 'warn'; words: RegExp }
  /** Puts the proposed lines where they are said to go. */
  mends(bad: string, lines: readonly string[]): string
}

/** What holds a dollar sign is no pattern here. */
function swap(text: string, from: string | RegExp, to: string): string {
  if (typeof from === 'string' ? !text.includes(from) : !from.test(text))
    throw new Error(`the recipe has no ${String(from)} any more`)
  return text.replace(from, () => to)
}

const before = (text: string, mark: string, lines: readonly string[]) =>
  swap(text, mark, `${lines.join('\n')}\n${mark}`)

const caddySite = /^\{\$PORCHLIGHT_SITE:[^]*?^\}$/m
const caddyForwardAuth = `	forward_auth {$PORCHLIGHT_PORTAL:127.0.0.1:9091} {
		uri {$PORCHLIGHT_PORTAL_URI:/api/authz/forward-auth}
		copy_headers Remote-User Remote-Email Remote-Name Remote-Groups
	}`
const caddyUpstream = '	reverse_proxy {$PORCHLIGHT_UPSTREAM:127.0.0.1:2283}'
const caddyPage = (lines: readonly string[]) =>
  ['{$PORCHLIGHT_SITE:photos.example.com} {', ...lines, '}'].join('\n')
const caddyStrip = ['-*', '_*', '.*'].map((end) => `	request_header -Remote${end}`)

const haproxyStrip = '	http-request del-header ^remote[^a-z0-9] -m reg\n'

export const knownBad: readonly KnownBad[] = [
  {
    title: 'Caddy with request_header outside of route, which then runs after forward_auth',
    proxy: 'caddy',
    breaks: (recipe) => swap(recipe, caddySite, caddyPage([...caddyStrip, caddyForwardAuth, caddyUpstream])),
    finding: {
      id: 'identity',
      level: 'bad',
      words: /request_header outside of route runs after forward_auth/,
    },
    mends: (bad, lines) => {
      const block = lines
        .join('\n')
        .replace('\tforward_auth … { … }', () => caddyForwardAuth)
        .replace('\treverse_proxy …', () => caddyUpstream)
      return swap(bad, caddySite, caddyPage([block]))
    },
  },
  {
    title: 'Caddy before 2.9 without the lines against its placeholders, and a person without groups',
    proxy: 'caddy',
    breaks: (recipe) => swap(recipe, /^\t\t@no_user[^]*?-Remote-Groups\n/m, ''),
    finding: { id: 'placeholder', level: 'bad', words: /the text of its own template/ },
    mends: (bad, lines) => before(bad, '\t\t# 5. Porchlight.', lines),
  },
  {
    title: 'Caddy with a block of its own for shared links',
    proxy: 'caddy',
    breaks: (recipe) =>
      swap(recipe, '\troute {\n', `\thandle /share/* {\n\t${caddyUpstream}\n\t}\n\troute {\n`),
    finding: { id: 'client-name:share-page', level: 'bad', words: /pass here without a login/ },
    mends: (bad, lines) => swap(bad, '\thandle /share/* {\n', `\thandle /share/* {\n${lines.join('\n')}\n`),
  },
  {
    title: 'Caddy without a look at Connection',
    proxy: 'caddy',
    breaks: (recipe) => swap(recipe, /^\t\t@hop_by_hop[^]*?400\n/m, ''),
    finding: { id: 'connection', level: 'warn', words: /makes the proxy drop/ },
    mends: (bad, lines) => swap(bad, '\troute {\n', `\troute {\n${lines.join('\n')}\n`),
  },
  {
    title: 'nginx with one proxy_set_header in the location, which drops all inherited ones',
    proxy: 'nginx',
    breaks: (recipe) =>
      swap(recipe, '\t\tinclude porchlight-identity.conf;\n', '\t\tproxy_set_header Host $http_host;\n'),
    finding: { id: 'client-name:page', level: 'bad', words: /open every account/ },
    mends: (bad, lines) =>
      swap(
        bad,
        /^\t\tproxy_set_header Host \$http_host;(?=\n\t\tproxy_pass http:\/\/porchlight;)/m,
        lines.join('\n'),
      ),
  },
  {
    title: 'nginx with a location of its own for shared links',
    proxy: 'nginx',
    breaks: (recipe) =>
      before(recipe, '\tlocation / {\n\t\tauth_request', [
        '\tlocation /share/ {',
        '\t\tproxy_pass http://porchlight;',
        '\t}',
        '',
      ]),
    finding: { id: 'client-name:share-page', level: 'bad', words: /pass here without a login/ },
    mends: (bad, lines) => swap(bad, '\tlocation /share/ {\n', `\tlocation /share/ {\n${lines.join('\n')}\n`),
  },
  {
    title: 'nginx with underscores_in_headers on',
    proxy: 'nginx',
    breaks: (recipe) =>
      swap(
        recipe,
        /^\tserver_name photos\.example\.com;/m,
        '\tunderscores_in_headers on;\n\tserver_name photos.example.com;',
      ),
    finding: { id: 'alias', level: 'warn', words: /underscores or dots arrives/ },
    mends: (bad, lines) => swap(bad, '\tunderscores_in_headers on;', lines.join('\n')),
  },
  {
    title: 'HAProxy without del-header, as often published, and a portal that lets shared links pass',
    proxy: 'haproxy',
    breaks: (recipe) =>
      swap(
        swap(recipe, haproxyStrip, ''),
        ' unless for_portal or has_credential or is_public',
        ' unless for_portal',
      ),
    finding: { id: 'client-name:share-page', level: 'bad', words: /names nobody.*does not remove/ },
    mends: (bad, lines) => before(bad, '\t# 2. The portal itself', lines),
  },
  {
    title: 'HAProxy with paths that skip the portal, and no del-header',
    proxy: 'haproxy',
    breaks: (recipe) => swap(recipe, haproxyStrip, ''),
    finding: { id: 'client-name:api-key', level: 'bad', words: /pass here without a login/ },
    mends: (bad, lines) => before(bad, '\t# 2. The portal itself', lines),
  },
  {
    title: 'HAProxy with add-header in place of set-header',
    proxy: 'haproxy',
    breaks: (recipe) => swap(recipe, haproxyStrip, '').replaceAll('set-header Remote-', 'add-header Remote-'),
    finding: {
      id: 'client-name:page',
      level: 'bad',
      words: /adds the login service’s word to the client’s own/,
    },
    mends: (bad, lines) => before(bad, '\t# 2. The portal itself', lines),
  },
  {
    title: 'Apache that sets headers whether or not there is anything to say',
    proxy: 'apache',
    breaks: (recipe) => recipe.replaceAll(/^(\t\tRequestHeader set Remote-\w+ "%\{\w+\}e").*$/gm, '$1'),
    finding: { id: 'placeholder', level: 'bad', words: /the text of its own template/ },
    mends: (bad, lines) => {
      const none = bad.replaceAll(/^\t\tRequestHeader set Remote-\w+ "%\{\w+\}e"\n/gm, '')
      return before(none, '\t</Location>', lines)
    },
  },
  {
    title: 'Apache that does not remove what the client sends',
    proxy: 'apache',
    breaks: (recipe) => recipe.replaceAll(/^\tRequestHeader unset Remote\S+ early\n/gm, ''),
    finding: { id: 'client-name:share-page', level: 'bad', words: /pass here without a login/ },
    mends: (bad, lines) => before(bad, '\t# 3. The portal says', lines),
  },
]
