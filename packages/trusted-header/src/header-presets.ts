import type { Preset } from './preset.ts'

const plain = {
  kind: 'headers',
  groupSeparator: ',',
  nameEncoding: 'utf-8',
  signOutUrl: '',
  hints: {},
} as const
const remote = { email: 'remote-email', name: 'remote-name', groups: 'remote-groups' }

/** Login services that vouch by headers which nobody signed. */
export const headerPresets: readonly Preset[] = [
  {
    ...plain,
    name: 'custom',
    title: 'Another login service',
    headers: remote,
    source: 'https://www.authelia.com/integration/trusted-header-sso/introduction/',
  },
  {
    ...plain,
    name: 'authelia',
    title: 'Authelia',
    headers: remote,
    hints: { signOutUrl: 'https://{portal}/logout?rd={return}' },
    source: 'https://www.authelia.com/integration/trusted-header-sso/introduction/',
  },
  {
    ...plain,
    name: 'authentik',
    title: 'authentik (headers)',
    headers: {
      email: 'x-authentik-email',
      id: 'x-authentik-uid',
      name: 'x-authentik-name',
      groups: 'x-authentik-groups',
    },
    groupSeparator: '|',
    signOutUrl: '/outpost.goauthentik.io/sign_out',
    source: 'https://docs.goauthentik.io/add-secure-apps/providers/proxy/',
  },
  {
    ...plain,
    name: 'oauth2-proxy',
    title: 'oauth2-proxy (asked by the proxy, --set-xauthrequest)',
    headers: {
      email: 'x-auth-request-email',
      name: 'x-auth-request-preferred-username',
      groups: 'x-auth-request-groups',
    },
    signOutUrl: '/oauth2/sign_out?rd={return}',
    source: 'https://oauth2-proxy.github.io/oauth2-proxy/features/endpoints/',
  },
  {
    ...plain,
    name: 'oauth2-proxy-upstream',
    title: 'oauth2-proxy (in front, --pass-user-headers)',
    headers: {
      email: 'x-forwarded-email',
      name: 'x-forwarded-preferred-username',
      groups: 'x-forwarded-groups',
    },
    signOutUrl: '/oauth2/sign_out?rd={return}',
    source: 'https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview/',
  },
  {
    ...plain,
    name: 'lemonldap',
    title: 'LemonLDAP::NG',
    headers: remote,
    // Its `multiValuesSeparator`. Without the blank, a group named `family;admins` would be two.
    groupSeparator: '; ',
    hints: { signOutUrl: 'https://{portal}/?logout=1' },
    source: 'https://lemonldap-ng.org/documentation/latest/writingrulesand_headers.html',
  },
  {
    ...plain,
    name: 'rauthy',
    title: 'rauthy',
    headers: {
      email: 'x-forwarded-user-email',
      id: 'x-forwarded-user',
      name: 'x-forwarded-user-given-name',
      groups: 'x-forwarded-user-groups',
    },
    hints: { signOutUrl: 'https://{portal}/auth/v1/oidc/logout' },
    // Its chapter on forward auth.
    source: 'https://sebadob.github.io/rauthy/',
  },
  {
    ...plain,
    name: 'mod_auth_openidc',
    title: 'Apache with mod_auth_openidc (Keycloak and others)',
    // Its own OIDC_CLAIM_* names have underscores, which proxies mix up with dashes: RequestHeader makes these of them.
    headers: remote,
    nameEncoding: 'latin1',
    hints: { signOutUrl: '/{redirect URI}?logout={return}' },
    source: 'https://github.com/OpenIDC/mod_auth_openidc/blob/master/auth_openidc.conf',
  },
  {
    ...plain,
    name: 'tailscale',
    title: 'Tailscale Serve',
    headers: {
      email: 'tailscale-user-login',
      name: 'tailscale-user-name',
      picture: 'tailscale-user-profile-pic',
    },
    nameEncoding: 'rfc2047',
    source: 'https://tailscale.com/kb/1312/serve#identity-headers',
  },
]
