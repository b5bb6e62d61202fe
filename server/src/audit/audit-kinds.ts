import { describeCode } from './refusal-reasons.ts'

/**
 * What the trail tells of.
 *
 * - `title`: what happened, in a few words
 * - `about`: a sentence or two that an admin can act on
 * - `explained`: `about` is said beside each event, where it says more than a code does
 * - `rows`: `apart` where each event is a row of its own (somebody here did it, and it says what changed), `together`
 *   where equal events of one hour are one row with a count
 */
type KindOfEvent = { title: string; about: string; explained?: true; rows: 'apart' | 'together' }

const kinds = {
  signed_in: {
    title: 'Signed in',
    about: 'A session began on a device.',
    rows: 'together',
  },
  sign_in_refused: {
    title: 'Sign-in refused',
    about: 'Somebody was not let in. The reason says what to change, if it should have worked.',
    rows: 'together',
  },
  spoof_refused: {
    title: 'Identity header from outside',
    about:
      'An address outside the trusted networks sent an identity header, and it was ignored. If that is your proxy, add its address to the networks; if not, somebody tried to walk past it.',
    explained: true,
    rows: 'together',
  },
  first_sight: {
    title: 'Account made at first sight',
    about: 'The proxy vouched for somebody unknown, and an account was made.',
    rows: 'apart',
  },
  account_linked: {
    title: 'Account opened by header',
    about: 'The proxy’s word opened an account that was made in another way, by its e-mail address.',
    explained: true,
    rows: 'apart',
  },
  oauth_linked: {
    title: 'Linked to OpenID Connect',
    about: 'From now on this person of the login service signs in to the account.',
    rows: 'apart',
  },
  oauth_unlinked: {
    title: 'No longer linked to OpenID Connect',
    about: 'The login service opens the account no more, unless its e-mail address links it again.',
    rows: 'apart',
  },
  id_bound: {
    title: 'Login service’s id bound',
    about:
      'From now on the account follows this id of the login service, also when the e-mail address changes.',
    rows: 'apart',
  },
  email_followed_id: {
    title: 'E-mail address followed the id',
    about:
      'The login service sent another e-mail address with the id of this account. Where another account has that address already, the old one stays.',
    rows: 'apart',
  },
  identity_mismatch: {
    title: 'E-mail address with another id',
    about:
      'The login service sent the e-mail address of this account with an id that is not its own, perhaps because a mailbox was given to somebody else. Nobody was let in.',
    rows: 'together',
  },
  identity_changed: {
    title: 'Somebody else at the device',
    about: 'The session was of one person and the proxy vouched for another; the session was replaced.',
    rows: 'together',
  },
  admin_granted: {
    title: 'Made an admin',
    about: 'The person can change settings and accounts from now on.',
    rows: 'apart',
  },
  admin_withdrawn: {
    title: 'No longer an admin',
    about: 'The person cannot change settings and accounts any more. The last admin always stays one.',
    rows: 'apart',
  },
  profile_synced: {
    title: 'Profile followed the login service',
    about: 'Name, picture or quota were taken over from what the proxy sent.',
    rows: 'apart',
  },
  credential_conflict: {
    title: 'Key of one person, header of another',
    about:
      'An API key or session token of one person came with the identity header of another. The key or token counted. Have the proxy remove identity headers where it lets keys through.',
    explained: true,
    rows: 'together',
  },
  signed_out: { title: 'Signed out', about: 'Sessions ended at the person’s own wish.', rows: 'together' },
  sessions_revoked: {
    title: 'Sessions ended',
    about: 'Sessions were ended: by the login service, an admin, or because their ground was gone.',
    rows: 'together',
  },
  logout_token_refused: {
    title: 'Sign-out from the login service refused',
    about: 'A message that claimed to come from the login service did not hold. No session was ended.',
    rows: 'together',
  },
  settings_changed: {
    title: 'Settings changed',
    about: 'An admin changed settings; the details say what they were before and after, without secrets.',
    rows: 'apart',
  },
  account_made: { title: 'Account made', about: 'An admin made an account.', rows: 'apart' },
  account_changed: {
    title: 'Account changed',
    about: 'Name, address, password or rights of an account changed.',
    rows: 'apart',
  },
  account_deleted: {
    title: 'Account deleted',
    about: 'The account can be restored; nobody gets into it until then.',
    rows: 'apart',
  },
  account_restored: { title: 'Account restored', about: 'The account opens again.', rows: 'apart' },
  shared_link_made: {
    title: 'Shared link made',
    about: 'Whoever has the link sees what it shows, without an account, until it is deleted or over.',
    rows: 'apart',
  },
  shared_link_changed: {
    title: 'Shared link changed',
    about: 'What a link allows, its password or its end changed.',
    rows: 'apart',
  },
  shared_link_deleted: {
    title: 'Shared link deleted',
    about: 'The link leads nowhere from now on.',
    rows: 'apart',
  },
  device_granted: {
    title: 'App let in',
    about:
      'Somebody for whom the proxy vouched said yes to an app or a device, which signs in with a code within a minute.',
    rows: 'apart',
  },
  device_added: {
    title: 'Device added',
    about: 'A token was made by which a device or a program is signed in as this person.',
    rows: 'apart',
  },
  api_key_made: {
    title: 'API key made',
    about: 'A program can act for this person from now on.',
    rows: 'apart',
  },
  api_key_changed: {
    title: 'API key changed',
    about: 'Name or permissions of a key changed.',
    rows: 'apart',
  },
  api_key_deleted: {
    title: 'API key deleted',
    about: 'The program that used it is out.',
    rows: 'apart',
  },
} as const satisfies Record<string, KindOfEvent>

export type AuditKind = keyof typeof kinds

export const auditKinds: Readonly<Record<AuditKind, KindOfEvent>> = kinds

export const auditKindNames = Object.keys(kinds) as readonly AuditKind[]

/** Where the code turns what the title says into its opposite. */
const titlesByCode: Record<string, string> = {
  'email_followed_id email_taken': 'E-mail address could not follow the id',
  'admin_withdrawn last_admin': 'Last admin stays an admin',
  'settings_changed rolled_back': 'New sign-in settings ended unconfirmed',
  'settings_changed confirmed': 'New sign-in settings confirmed',
  'settings_changed undone': 'New sign-in settings taken back',
  'settings_changed file': 'Settings file changed',
}

/** What happened, in a few words; of a kind that nobody knows any more, its name. */
export function titleOf(kind: string, code: string | null): string {
  return titlesByCode[`${kind} ${code}`] ?? (isAuditKind(kind) ? kinds[kind].title : kind)
}

/** What the event means and what to do about it; null where its title says it all. */
export function reasonOf(kind: string, code: string | null): string | null {
  const known: KindOfEvent | undefined = isAuditKind(kind) ? kinds[kind] : undefined
  if (known?.explained) return known.about
  return code === null ? null : (describeCode(code) ?? null)
}

const isAuditKind = (text: string): text is AuditKind => Object.hasOwn(kinds, text)
