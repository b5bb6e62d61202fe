import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context, Provider } from 'oidc-provider'

/** What an issuer says of an account; undefined claims are left out. */
export type AccountClaims = Record<string, unknown>

export const household = (account: string): AccountClaims => ({
  email: `${account}@home.example`,
  email_verified: true,
  name: account[0]?.toUpperCase() + account.slice(1),
  preferred_username: account,
})

const scope = 'openid email profile'

/** How an issuer of the tests (npm oidc-provider) behaves, whoever its clients are: no consent, no question at sign-out. */
export const issuerManners = (claimsOf: (account: string) => AccountClaims) => ({
  cookies: { keys: ['only-for-tests'] },
  ttl: { AccessToken: 3600, Grant: 3600, IdToken: 3600, Interaction: 3600, Session: 3600 },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: signOutWithoutQuestion },
  },
  interactions: { url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
  findAccount: (_: Context, accountId: string) => ({
    accountId,
    claims: () => ({ sub: accountId, ...claimsOf(accountId) }),
  }),
  // No consent page: the household's own client.
  loadExistingGrant: async ({ oidc }: Context) => {
    const of = { clientId: oidc.client?.clientId, accountId: oidc.session?.accountId }
    const grant = new oidc.provider.Grant(of)
    grant.addOIDCScope(scope)
    await grant.save()
    return grant
  },
})

async function signOutWithoutQuestion(context: Context, form: string): Promise<void> {
  const submit = `const form = document.forms[0]
    form.insertAdjacentHTML('beforeend', '<input type=hidden name=logout value=yes>')
    form.submit()`
  context.body = `<!doctype html><title>Sign out</title>${form}<script>${submit}</script>`
}

/** The login form; as in other portals of the tests, its fields are `user` and `password`, which does not matter. */
export async function login(
  provider: Provider,
  asked: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  if (asked.method !== 'POST') {
    answer.setHeader('Content-Type', 'text/html')
    answer.end(`<!doctype html><title>Sign in</title><form method="post">
      <input name="user"><input name="password" type="password"><button type="submit">Sign in</button></form>`)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of asked) chunks.push(chunk as Buffer)
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get('user') ?? ''
  await provider.interactionFinished(asked, answer, { login: { accountId } })
}
