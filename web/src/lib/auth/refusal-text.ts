/** What a reason code means for the person at the door; the admin's view of it is in the settings. */
const sentences = new Map([
  ['header_alias', 'The proxy let through a second, forged spelling of the header that names you.'],
  ['header_repeated', 'The proxy named more than one person at once.'],
  ['bad_email', 'What the proxy sent is not an e-mail address.'],
  ['unknown_person', 'You have no account here yet, and new ones are made by the admin.'],
  ['account_deleted', 'Your account here has been deleted.'],
  ['account_not_linked', 'Your account here was made with a password, and the proxy may not open it.'],
  ['identity_conflict', 'You are signed in here as one person, and the proxy says you are another.'],
  ['cookie_not_kept', 'You were signed in, but this browser did not keep the cookie.'],
])

export const refusalText = ({ message, code }: { message: string; code: string | undefined }): string =>
  sentences.get(code ?? '') ?? message
