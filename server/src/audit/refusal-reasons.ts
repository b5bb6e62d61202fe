import { describeRefusal, refusalCodes, type RefusalCode } from '@porchlight/trusted-header'

/** Why the server refuses where the engine did not, or what else happened. Codes are stable; sentences may change. */
const sentences = {
  no_admin_yet:
    'Nobody has registered as the first admin yet, and a header never makes one. Open Porchlight once and register, or name the address in PORCHLIGHT_ADMIN_EMAIL.',
  unknown_person:
    'The proxy vouched for somebody who has no account, and accounts are not made by themselves. Add the person, or switch on “make an account for unknown people”.',
  account_deleted: 'The account was deleted. Restore it under People if the person should get in again.',
  account_not_linked:
    'The account was made in another way, and headers may not open such accounts. Allow linking by e-mail address if this person should get in.',
  id_mismatch:
    'The e-mail address belongs to an account that is bound to another id of the login service. If the person is the same, change the address of the old account first.',
  not_a_member:
    'The proxy did not name the group that people must be in. Add the person to it at the login service, and check that the proxy passes groups on.',
  signed_out_at_proxy:
    'The session was begun by header, and the proxy named nobody any more: the person has signed out there, or this path is not behind the login. The session ended.',
  identity_conflict:
    'A password session of one person met the header of another, and the settings say that neither counts then.',
  identity_changed:
    'The session was of one person and the proxy vouched for another; the session was replaced.',
  cross_origin:
    'The request came from a page of another site. If it was your own, set the external domain to the address that people open.',
  session_required:
    'The identity header alone is not enough here; a session has to begin on a page first. Programs use an API key.',
  unknown_token:
    'A session token that is unknown or over was sent on purpose, for example by an app that was signed out. It has to sign in again.',
  unknown_api_key:
    'An API key was sent that nobody has, or whose person was deleted. Make the program a new one.',
  unknown_share_link: 'A shared link was opened that there is not, or not any more.',
  token_used: 'The same message from the login service came a second time; it counts once.',
  email_taken:
    'The login service sent another e-mail address for this person, but another account has it. The old address stays; change the other account if it is the same person.',
  last_admin:
    'The login service does not name the admin group for this person any more, but somebody must be an admin, so the last one stays.',
  check_running: 'Another check of the sign-in is running; it takes a few seconds.',
  too_many_sign_ins: 'More sign-ins by password came at once than are looked at; the rest were told to wait.',
  too_many_sockets: 'One person or address had more live connections open than are allowed.',
  confirmed: 'The admin confirmed the new settings over a connection that they let in.',
  undone: 'The admin took the change back before it was confirmed.',
  rolled_back:
    'Nobody confirmed the new settings in time over a connection that they let in, so the ones before are in force again.',
  file: 'The file with the settings was changed, and what it says is in force.',
  not_let_in: 'The new settings do not let in the connection over which they were to be confirmed.',
  on_probation:
    'A program may not change how people sign in while somebody’s change to it is on probation. Confirm or undo that one first, or wait a minute.',
  probation_over: 'The change was confirmed or taken back already.',
  too_many_attempts:
    'Too many wrong passwords, PINs or link passwords were tried, so this one was not even looked at. Places from which the person signed in before are not affected by what others try.',
  wrong_pin: 'The PIN was wrong.',
  wrong_link_password:
    'Somebody who has a shared link gave a wrong password for it. After a few of them the waiting grows.',
  issuer_unreachable:
    'The login service did not answer in time. See whether this server reaches the issuer of the settings; the log says what went wrong.',
  issuer_refused:
    'The login service said no, for example because the person went back, or because the client id, its secret or the redirect address are not known there.',
  issuer_answer_wrong:
    'The answer of the login service did not hold: another state, nonce, issuer, signature or time than expected. The log says which. If it goes on, compare the settings and the clocks; else somebody may have tried to slip a sign-in in.',
  not_begun_here:
    'A browser came back from the login service that had not left for it from here, or too long ago. If a person only waited too long, she tries again; else somebody may have sent her a sign-in of his own.',
  code_used: 'The same code of the login service came a second time; it counts once.',
  no_email: 'The login service did not say an e-mail address. Ask it for the scope “email”.',
  email_unverified:
    'The login service says that nobody has shown that this e-mail address is the person’s own. Have it verified there.',
  linked_to_another:
    'The account with this e-mail address is linked to another person of the same login service. Unlink it first if it is the same person.',
  code_unknown:
    'An app brought a code that there is not, or that was used before. If nobody signed in an app just then, somebody may have read the code on its way.',
  code_over: 'An app brought its code later than a minute after the person said yes. Try again.',
  wrong_redirect: 'A code was to be sent to, or came back by, an address that is not that of the app.',
  wrong_state: 'An app brought an answer to a question that it had not asked. It has to begin again.',
  wrong_verifier:
    'A code was brought by somebody who is not the app that asked for it: it may have been read on its way. It is of no use to anybody now.',
  not_vouched_for:
    'Somebody said yes to an app where the proxy did not name that very person. Open the library by the address of the proxy.',
  wrong_password: 'The e-mail address or the password was wrong.',
  password_login_off: 'Sign-in by password is switched off.',
} as const

/** Codes of the server beside those of the engine. */
export type ServerRefusalCode = keyof typeof sentences

export const serverRefusalCodes = Object.keys(sentences) as readonly ServerRefusalCode[]

/** A sentence or two that an admin can act on; undefined for a code nobody knows (any more). */
export function describeCode(code: string): string | undefined {
  if (isEngineCode(code)) return describeRefusal(code)
  return isServerCode(code) ? sentences[code] : undefined
}

/** Every code there is, the engine's first, in the order in which they are asked. */
export const allCodes: readonly string[] = [...refusalCodes, ...serverRefusalCodes]

const isEngineCode = (code: string): code is RefusalCode => (refusalCodes as readonly string[]).includes(code)
const isServerCode = (code: string): code is ServerRefusalCode => Object.hasOwn(sentences, code)
