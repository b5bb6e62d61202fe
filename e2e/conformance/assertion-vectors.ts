import { makeAssertionSigner } from '../stacks/assertion-signer.ts'

const portal = makeAssertionSigner()
const stranger = makeAssertionSigner()

export const assertionSettings = {
  header: 'x-portal-assertion',
  jwksUrl: portal.jwksFile,
  issuer: 'https://auth.photos.test',
  audience: 'photos',
  algorithms: ['ES256'],
}

const now = () => Math.floor(Date.now() / 1000)
const good = () => ({
  iss: assertionSettings.issuer,
  aud: assertionSettings.audience,
  iat: now(),
  exp: now() + 300,
  email: 'gran@home.example',
})
const asAdmin = () => ({ ...good(), email: 'admin@home.example' })
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Another body under a signature that was made for gran. */
function tampered(): string {
  const [head = '', , signature = ''] = portal.sign(good()).split('.')
  return [head, encoded(asAdmin()), signature].join('.')
}

/** What may come in the assertion header; made anew for each request, since they run out. */
export const assertions: readonly { title: string; token: () => string }[] = [
  { title: 'a good assertion of gran', token: () => portal.sign(good()) },
  { title: 'gran’s, with another body under the same signature', token: tampered },
  { title: 'one signed by somebody else', token: () => stranger.sign(asAdmin()) },
  {
    title: 'one without a signature (alg none)',
    token: () => `${encoded({ alg: 'none' })}.${encoded(asAdmin())}.`,
  },
  { title: 'one of another issuer', token: () => portal.sign({ ...asAdmin(), iss: 'https://evil.example' }) },
  { title: 'one for another audience', token: () => portal.sign({ ...asAdmin(), aud: 'wiki' }) },
  {
    title: 'one that ran out an hour ago',
    token: () => portal.sign({ ...asAdmin(), iat: now() - 7200, exp: now() - 3600 }),
  },
  {
    title: 'one that begins in an hour',
    token: () => portal.sign({ ...asAdmin(), nbf: now() + 3600, exp: now() + 7200 }),
  },
  { title: 'one that never ends', token: () => portal.sign({ ...asAdmin(), exp: undefined }) },
  { title: 'no token at all', token: () => 'not-a-token' },
]
