import { beforeAll, describe, expect, test } from 'vitest'
import { oauthPerson } from '../stacks/oauth-person.ts'
import { putOauth, registerAdmin } from '../stacks/oauth-settings.ts'
import { lemonldapIssuer, providerIssuer, type StartIssuer } from '../stacks/oidc-issuers.ts'
import { startPorchlight, type Porchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'

/** The house with its issuer, put up before the tests of a block. */
function household(startIssuer: StartIssuer) {
  const stage = openStage()
  let app: Porchlight
  beforeAll(async () => {
    app = await startPorchlight(stage)
    const { settings } = await startIssuer(stage, app.url)
    await putOauth(app.url, await registerAdmin(app.url), settings)
  })
  return { page: () => `${app.url}/auth/login`, somebody: () => oauthPerson(app.url), url: () => app.url }
}

const issuers: [string, StartIssuer][] = [
  ['oidc-provider', providerIssuer],
  ['LemonLDAP::NG', lemonldapIssuer],
]

describe.each(issuers)('the household’s issuer is %s:', (_name, startIssuer) => {
  const { page, somebody, url } = household(startIssuer)

  test('gran signs in there, and is gran here', async () => {
    const gran = somebody()
    const answer = await gran.signIn('gran')
    expect(await answer.json()).toMatchObject({
      userEmail: 'gran@home.example',
      name: 'Gran',
      isAdmin: false,
    })
    expect(await (await gran.me()).json()).toMatchObject({ oauthId: 'gran', storageLabel: 'gran' })
  })

  test('gran signs out here, and is out there: signing in asks for her password again', async () => {
    const gran = somebody()
    await gran.signIn('gran')
    // As long as she is in there, she comes back without being asked.
    const back = await gran.walker.walk(await gran.begin(), { until: page() })
    expect(new URL(back).searchParams.get('code')).not.toBeNull()

    const left = await gran.walker.request(`${url()}/api/auth/logout`, {})
    const { redirectUri } = (await left.json()) as { redirectUri: string }
    const signedOut = `${url()}/auth/signed-out`
    expect(await gran.walker.walk(redirectUri, { until: signedOut })).toContain(signedOut)
    expect((await gran.me()).status).toBe(401)
    const again = await gran.walker.walk(await gran.begin(), { until: page() })
    expect(again).not.toContain(page())
  })
})

/** LemonLDAP::NG 2.16 can tell other programs by way of the browser only. */
describe('an issuer that tells by itself who signed out there, oidc-provider:', () => {
  const { somebody } = household(providerIssuer)

  test('gran signs out there first, and is out here with the next request; anna stays', async () => {
    const [gran, anna] = [somebody(), somebody()]
    await gran.signIn('gran')
    await anna.signIn('anna')
    const issuer = new URL(await gran.begin()).origin
    await gran.walker.walk(`${issuer}/session/end`, { until: `${issuer}/session/end/success` })
    expect([(await gran.me()).status, (await anna.me()).status]).toEqual([401, 200])
  })
})
