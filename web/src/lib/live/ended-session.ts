/** What an ordinary request found out after the server had ended this page's session. */
export type Answer =
  /** Our own answer: whose it is, and the reason code of a refusal. */
  | { identity: string | null; code: string | undefined }
  /** Nobody answered, or something in between did. */
  | 'not-ours'

type Ports = {
  ask: () => Promise<Answer>
  /** For whom the page spoke. */
  speaksFor: () => string | undefined
  startOver: () => Promise<void>
  goTo: (page: string) => Promise<void>
}

export const endedPage = '/auth/signed-out?by=elsewhere'

/**
 * Where to go when the session was ended. Loading the page anew is right for another person and for a proxy that asks who
 * is there. But where the proxy still vouches for the same person, it would sign her in again at once, though she has
 * just signed out on another device: then the signed-out page waits for a click.
 */
export async function followEndOfSession({ ask, speaksFor, startOver, goTo }: Ports): Promise<void> {
  const before = speaksFor()
  const answer = await ask().catch(() => 'not-ours' as const)
  if (answer === 'not-ours' || answer.code === 'signed_out_at_proxy') return startOver()
  const isSomebodyElse =
    answer.identity !== null && answer.identity !== 'nobody' && answer.identity !== before
  return isSomebodyElse ? startOver() : goTo(endedPage)
}
