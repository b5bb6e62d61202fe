/** In the order in which `decide` asks. */
const sentences = {
  off: 'Sign-in by header is switched off; identity headers are not looked at.',
  untrusted_peer:
    'The request came from an address outside the trusted networks. If that is your proxy, add its address to the networks.',
  bad_arrival:
    'The program handed over something other than a flat list of header names and values. This is a fault in the program, not in the proxy.',
  header_alias:
    'The request carried another spelling of the identity header, such as remote_email. Have the proxy remove every spelling that a client sends.',
  header_repeated:
    'The identity header came more than once, or with different values. Have the proxy replace the header rather than add to it.',
  no_identity:
    'The proxy named nobody: the identity header was missing, empty or an unfilled placeholder. Check that this path is behind the login and that the account has an e-mail address.',
  bad_email:
    'The identity header does not hold one plain e-mail address. Check which field the login service sends in it.',
} as const

/** Why nobody is vouched for. Codes are stable; sentences may change. */
export type RefusalCode = keyof typeof sentences

/** Every code, in the order in which `decide` asks. */
export const refusalCodes = Object.keys(sentences) as readonly RefusalCode[]

/** A sentence or two that an admin can act on. Holds nothing of the request. */
export function describeRefusal(code: RefusalCode): string {
  return sentences[code]
}
