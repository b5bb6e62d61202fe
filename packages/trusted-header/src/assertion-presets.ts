import type { Preset } from './preset.ts'

const signed = {
  kind: 'assertion',
  groupSeparator: ',',
  nameEncoding: 'utf-8',
  signOutUrl: '',
  hints: {},
} as const

/** Login services that sign what they say, so that nobody between them and us can change it. */
export const assertionPresets: readonly Preset[] = [
  {
    ...signed,
    name: 'authentik-jwt',
    title: 'authentik (signed)',
    headers: { email: 'x-authentik-email' },
    assertion: {
      header: 'x-authentik-jwt',
      jwksUrl: '',
      issuer: '',
      // Without a signing key the provider signs with its client secret (HS256): give it one.
      algorithms: ['RS256', 'ES256'],
      claims: { email: 'email', id: 'sub', name: 'name', groups: 'groups' },
    },
    signOutUrl: '/outpost.goauthentik.io/sign_out',
    hints: {
      jwksUrl: 'https://{portal}/application/o/{application}/jwks/',
      issuer: 'https://{portal}/application/o/{application}/',
      audience: '{client id of the proxy provider}',
    },
    source: 'https://docs.goauthentik.io/add-secure-apps/providers/proxy/',
  },
  {
    ...signed,
    name: 'cloudflare-access',
    title: 'Cloudflare Access',
    headers: { email: 'cf-access-authenticated-user-email' },
    assertion: {
      header: 'cf-access-jwt-assertion',
      jwksUrl: '',
      issuer: '',
      algorithms: ['RS256'],
      claims: { email: 'email', id: 'sub' },
    },
    signOutUrl: '/cdn-cgi/access/logout',
    hints: {
      jwksUrl: 'https://{team}.cloudflareaccess.com/cdn-cgi/access/certs',
      issuer: 'https://{team}.cloudflareaccess.com',
      audience: '{application audience (AUD) tag}',
    },
    source:
      'https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/validating-json/',
  },
  {
    ...signed,
    name: 'google-iap',
    title: 'Google Identity-Aware Proxy',
    headers: { email: 'x-goog-authenticated-user-email' },
    assertion: {
      header: 'x-goog-iap-jwt-assertion',
      jwksUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
      issuer: 'https://cloud.google.com/iap',
      algorithms: ['ES256'],
      claims: { email: 'email', id: 'sub' },
    },
    signOutUrl: '/?gcp-iap-mode=CLEAR_LOGIN_COOKIE',
    hints: { audience: '/projects/{number}/global/backendServices/{id}' },
    source: 'https://cloud.google.com/iap/docs/signed-headers-howto',
  },
  {
    ...signed,
    name: 'aws-alb',
    title: 'AWS Application Load Balancer',
    headers: { email: 'x-amzn-oidc-identity' },
    assertion: {
      header: 'x-amzn-oidc-data',
      jwksUrl: '',
      issuer: '',
      algorithms: ['ES256'],
      claims: { email: 'email', id: 'sub', name: 'name', groups: 'groups', picture: 'picture' },
    },
    hints: {
      jwksUrl: 'https://public-keys.auth.elb.{region}.amazonaws.com/{kid}',
      issuer: '{issuer of the OpenID Connect provider}',
      audience: 'arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{id} {client id}',
    },
    source:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
  },
  {
    ...signed,
    name: 'pomerium',
    title: 'Pomerium',
    headers: { email: 'x-pomerium-claim-email' },
    assertion: {
      header: 'x-pomerium-jwt-assertion',
      jwksUrl: '',
      issuer: '',
      algorithms: ['ES256'],
      claims: { email: 'email', id: 'sub', name: 'name', groups: 'groups' },
    },
    signOutUrl: '/.pomerium/sign_out',
    hints: {
      jwksUrl: 'https://{this host}/.well-known/pomerium/jwks.json',
      issuer: '{this host}',
      audience: '{this host}',
    },
    source: 'https://www.pomerium.com/docs/capabilities/getting-users-identity',
  },
  {
    ...signed,
    name: 'teleport',
    title: 'Teleport',
    // It sends no e-mail header; single sign-on makes the address the name of the user.
    headers: { email: 'remote-email' },
    assertion: {
      header: 'teleport-jwt-assertion',
      jwksUrl: '',
      issuer: '',
      algorithms: ['RS256', 'ES256'],
      claims: { email: 'username', groups: 'roles' },
    },
    signOutUrl: '/teleport-logout',
    hints: {
      jwksUrl: 'https://{proxy}/.well-known/jwks.json',
      issuer: '{name of the cluster}',
      audience: '{URI of the application, as in its configuration}',
    },
    source: 'https://goteleport.com/docs/enroll-resources/application-access/jwt/introduction/',
  },
]
