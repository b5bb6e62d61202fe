import { oauthSettingNotes } from './oauth-setting-notes.ts'

/** What a form, an editor and the docs say of a setting or a group of them beside its own description. */
export type SettingNote = {
  title: string
  /** What a group of settings is about, or a setting whose schema does not say. */
  about?: string
  /** The variables that set it. */
  environment?: readonly string[]
  /** Kept as a hash, so what comes back is not what was given. */
  secret?: boolean
  /** Media type of a text that is written in a language of its own. */
  language?: string
}

const trustedHeader: Record<string, SettingNote> = {
  '': {
    title: 'Trusted header',
    about:
      'Your reverse proxy already knows who is there. What it says is believed where you said so, and nowhere else.',
  },
  enabled: { title: 'Sign in by trusted header', environment: ['PORCHLIGHT_TRUSTED_HEADER'] },
  networks: {
    title: 'Trusted networks',
    environment: ['PORCHLIGHT_TRUSTED_NETWORKS', 'IMMICH_TRUSTED_REMOTE_NETWORKS'],
  },
  unixSocket: { title: 'Trust our unix socket' },
  preset: { title: 'Login service', environment: ['PORCHLIGHT_TRUSTED_HEADER_PRESET'] },
  headers: { title: 'Identity headers', about: 'Names of the headers in which the proxy says who is there.' },
  'headers.email': { title: 'E-mail header' },
  'headers.id': { title: 'Id header' },
  'headers.name': { title: 'Name header' },
  'headers.groups': { title: 'Groups header' },
  'headers.picture': { title: 'Picture header' },
  'headers.quota': { title: 'Quota header' },
  groupSeparator: { title: 'Between groups' },
  nameEncoding: { title: 'How names are written' },
  secret: { title: 'Shared secret', about: 'A word that only the proxy knows and adds to every request.' },
  'secret.header': { title: 'Header of the secret' },
  'secret.values': {
    title: 'Secret',
    secret: true,
    environment: ['PORCHLIGHT_TRUSTED_HEADER_SECRET', 'PORCHLIGHT_TRUSTED_HEADER_SECRET_FILE'],
  },
  assertion: {
    title: 'Signed assertion',
    about: 'A signed token (JWT) instead of plain headers: it proves itself whatever lies between.',
  },
  'assertion.header': { title: 'Header of the assertion' },
  'assertion.jwksUrl': { title: 'Keys' },
  'assertion.issuer': { title: 'Issuer', about: 'Who makes the assertions, as they say in iss' },
  'assertion.audience': { title: 'Audience' },
  'assertion.algorithms': {
    title: 'Ways of signing',
    about: 'Signatures that are accepted; only those that a public key checks',
  },
  'assertion.claims': { title: 'Claims', about: 'Where in the token it says who is there.' },
  'assertion.claims.email': { title: 'E-mail claim', about: 'Claim that holds the e-mail address' },
  'assertion.claims.id': {
    title: 'Id claim',
    about: 'Claim that holds the id of the person, which never changes; empty: not read',
  },
  'assertion.claims.name': { title: 'Name claim', about: 'Claim that holds the name; empty: not read' },
  'assertion.claims.groups': { title: 'Groups claim', about: 'Claim that holds the groups; empty: not read' },
  'assertion.claims.picture': {
    title: 'Picture claim',
    about: 'Claim that holds the address of a picture; empty: not read',
  },
  'assertion.claims.quota': { title: 'Quota claim', about: 'Claim that holds the quota; empty: not read' },
  backChannelLogout: {
    title: 'Sign-out by the login service',
    about: 'The login service tells us that somebody signed out there (OpenID Connect back-channel logout).',
  },
  'backChannelLogout.jwksUrl': { title: 'Keys of sign-outs' },
  'backChannelLogout.issuer': { title: 'Issuer of sign-outs', about: 'Who sends them, as they say in iss' },
  'backChannelLogout.audience': {
    title: 'Audience of sign-outs',
    about: 'For whom they are made: our client id at the login service',
  },
  autoRegister: { title: 'Make accounts for newcomers' },
  linkExisting: { title: 'Open accounts made in another way' },
  adminGroup: { title: 'Group of the admins' },
  memberGroup: { title: 'Group of the members' },
  syncProfile: { title: 'What follows the login service' },
  signOutUrl: { title: 'Sign-out address' },
  onConflict: { title: 'When session and header differ' },
  allowedHosts: { title: 'Hosts of the proxy' },
}

/** By dotted path, such as `trustedHeader.headers.email`. */
export const settingNotes: Record<string, SettingNote> = {
  ...below('trustedHeader', trustedHeader),
  ...below('oauth', oauthSettingNotes),
  passwordLogin: {
    title: 'Passwords',
    about: 'Signing in without the proxy, by e-mail address and password.',
  },
  'passwordLogin.enabled': { title: 'Sign in by password' },
  server: { title: 'Server', about: 'How this library is reached, and what it says at the door.' },
  'server.externalDomain': { title: 'Public address' },
  'server.loginPageMessage': { title: 'Message at the door' },
  'server.publicUsers': { title: 'Members see each other' },
  theme: { title: 'Appearance', about: 'How the pages look.' },
  'theme.customCss': { title: 'Your own style sheet', language: 'text/css' },
  trash: { title: 'Trash', about: 'What happens to what is deleted.' },
  'trash.enabled': { title: 'Trash first' },
  sessions: { title: 'Devices', about: 'How long a device stays signed in.' },
  'sessions.idleDays': { title: 'Days without use' },
  'sessions.absoluteDays': { title: 'Days at most' },
  audit: { title: 'Audit', about: 'The list of what happened at the door and in the settings.' },
  'audit.keepDays': { title: 'Days to keep' },
}

function below(section: string, notes: Record<string, SettingNote>): Record<string, SettingNote> {
  return Object.fromEntries(
    Object.entries(notes).map(([path, note]) => [path === '' ? section : `${section}.${path}`, note]),
  )
}

/** A new setting has a readable name before anybody has thought of one: `keepDays` is "Keep days". */
export function titleOf(path: string): string {
  const known = settingNotes[path]?.title
  if (known !== undefined) return known
  const words = (path.split('.').at(-1) ?? '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
