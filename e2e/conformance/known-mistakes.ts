const admin = 'admin@home.example'

export type Mistake = {
  /** A file in `e2e/bad-recipes`, or what stands in its place. */
  file: string
  mistake: string
  /** Where the client is known to the portal, and as whom. */
  portal?: string
  headers: readonly string[]
  /** A hop behind the proxy takes `_` for `-`. */
  throughAliasHop?: true
  /** Who gets in, or the status and reason code. */
  outcome: string
  wrongPerson?: true
}

const claim = [`Remote-Email: ${admin}`]

/** What goes wrong, by whose mistake, and what Porchlight can make of it. */
export const knownMistakes: readonly Mistake[] = [
  {
    file: 'caddy-site-level-strip.Caddyfile',
    mistake: 'headers are stripped after the portal has been asked',
    portal: 'gran',
    headers: [],
    outcome: '401',
  },
  {
    file: 'caddy-placeholder.Caddyfile',
    mistake: 'Caddy’s placeholders are not removed',
    portal: 'silent',
    headers: claim,
    outcome: '401',
  },
  {
    file: 'caddy-as-documented.Caddyfile',
    mistake: 'only one spelling is replaced',
    portal: 'gran',
    headers: [`Remote_Email: ${admin}`],
    outcome: '401 `header_alias`',
  },
  {
    file: 'caddy-as-documented.Caddyfile',
    mistake: 'no guard against `Connection`',
    portal: 'gran',
    headers: ['Connection: close, Remote-Email', ...claim],
    outcome: '401',
  },
  {
    file: 'caddy-open-path.Caddyfile',
    mistake: 'a path without the portal',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'nginx-inheritance.conf',
    mistake: 'a location that sets one header and so inherits none',
    portal: 'gran',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'nginx-underscores.conf',
    mistake: 'underscores are let through',
    portal: 'gran',
    headers: [`Remote_Email: ${admin}`],
    outcome: '401 `header_alias`',
  },
  {
    file: 'nginx-underscores.conf',
    mistake: 'underscores are let through, and a hop behind takes them for dashes',
    portal: 'gran',
    headers: [`Remote_Email: ${admin}`],
    throughAliasHop: true,
    outcome: '401 `header_repeated`',
  },
  {
    file: 'nginx-underscores.conf',
    mistake: 'the same, and the portal names nobody',
    portal: 'silent',
    headers: [`Remote_Email: ${admin}`],
    throughAliasHop: true,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'nginx-open-path.conf',
    mistake: 'a path without the portal',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'haproxy-silent-portal.cfg',
    mistake: 'nothing removes the client’s header, and the portal names nobody',
    portal: 'silent',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'haproxy-add-header.cfg',
    mistake: 'the portal’s word is added to the client’s',
    portal: 'gran',
    headers: claim,
    outcome: '401 `header_repeated`',
  },
  {
    file: 'haproxy-open-path.cfg',
    mistake: 'a path without the portal',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'apache-naive-set.conf',
    mistake: 'the header is set from a claim that may be missing',
    headers: claim,
    outcome: '401',
  },
  {
    file: 'apache-env-without-unset.conf',
    mistake: 'nothing removes the client’s header where the claim is missing',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
  {
    file: 'apache-open-path.conf',
    mistake: 'a path without the portal',
    headers: claim,
    outcome: `200: ${admin}`,
    wrongPerson: true,
  },
]

export const mistakesIntroduction = `# Configurations that let something through

Written by a test (\`e2e/specs/bad-recipes.test.ts\`); do not edit. Each file of [e2e/bad-recipes](../e2e/bad-recipes) has
one mistake. The test starts it with the real proxy, sends \`GET /api/users/me\`, and looks at what reaches Porchlight and at
what it answers. Safe recipes are in [deploy/](../deploy); what is measured of them is in [conformance.md](conformance.md).

**A wrong person** means: what arrives is what a proxy without any mistake would send, so that no server can tell. That is
found only by trying it through the proxy, which is what the sign-in check is for. A signed assertion in place of plain
headers closes all of them (the test tries that, too). A shared secret closes only the one in the settings: everywhere else
it is the proxy that speaks.
`
