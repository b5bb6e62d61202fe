/** In the order in which `decide` asks. */
const sentences = {
  off: 'Sign-in by header is switched off, or nothing is configured to prove who the proxy is; identity headers are not looked at.',
  untrusted_peer:
    'The request came from an address outside the trusted networks. If that is your proxy, add its address to the networks.',
  bad_secret:
    'The request did not carry the shared secret exactly once. Have the proxy set that header to one of the values that are configured.',
  bad_arrival:
    'The program handed over something other than a flat list of header names and values. This is a fault in the program, not in the proxy.',
  wrong_host:
    'The request was for a host that is not among the allowed hosts. Have the proxy pass on the Host that the browser asked for, or allow it.',
  header_alias:
    'The request carried another spelling of a configured header, such as remote_email. Have the proxy remove every spelling that a client sends.',
  header_repeated:
    'A configured header came more than once, or with different values. Have the proxy replace the header rather than add to it.',
  no_assertion:
    'The proxy sent no signed assertion. Check that this path is behind the login and that the name of the assertion header is right.',
  bad_assertion:
    'The signed assertion does not hold. Check the issuer, the audience and the algorithms, and that the login service signs with a key it publishes.',
  assertion_expired:
    'The signed assertion is out of date or not valid yet. Check the clocks, and that the proxy renews the assertion.',
  assertion_keys:
    'The keys that assertions are signed with could not be had. Check the address or the file of the keys, and that this server may reach it.',
  no_identity:
    'The proxy named nobody: the identity header was missing, empty or an unfilled placeholder. Check that this path is behind the login and that the account has an e-mail address.',
  bad_email:
    'The proxy did not send one plain e-mail address. Check which field the login service sends as the address.',
  no_id:
    'The proxy named a person without the id that is configured. Check that the login service sends an id for this account.',
  bad_id:
    'The id that the proxy sent is not at most 255 visible ASCII characters without blanks. Check which field the login service sends as the id.',
} as const

/** Why nobody is vouched for. Codes are stable; sentences may change. */
export type RefusalCode = keyof typeof sentences

/** Every code, in the order in which `decide` asks. */
export const refusalCodes = Object.keys(sentences) as readonly RefusalCode[]

/** A sentence or two that an admin can act on. Holds nothing of the request. */
export function describeRefusal(code: RefusalCode): string {
  return sentences[code]
}
