import { createHash, randomBytes } from 'node:crypto'
import * as sdk from '@immich/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { moveIn, people } from '../../scripts/household-people.ts'
import { createWalker } from '../stacks/form-walker.ts'
import { putOauth } from '../stacks/oauth-settings.ts'
import { providerIssuer } from '../stacks/oidc-issuers.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import { nobody, refusal, sentOn, type As } from '../stacks/sdk-calls.ts'
import { mistakesIn, shapes } from '../stacks/sdk-shapes.ts'
import { openStage } from '../stacks/stage.ts'

const stage = openStage()
const appAddress = 'app.immich:///oauth-callback'
const byToken = (token: string): As => ({ headers: { 'x-immich-user-token': token } })

/** A program on the SDK that signs somebody in, and keeps its secrets to itself, as Immich's app does. */
function program() {
  const codeVerifier = randomBytes(32).toString('base64url')
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url')
  const state = randomBytes(16).toString('base64url')
  const broughtBack = (url: string, changes: Partial<sdk.OAuthCallbackDto> = {}) => ({
    oAuthCallbackDto: { url, state, codeVerifier, ...changes },
  })
  return {
    state,
    codeChallenge,
    async begin(redirectUri: string): Promise<string> {
      const oAuthConfigDto = { redirectUri, state, codeChallenge }
      const answer = await sdk.startOAuth({ oAuthConfigDto }, nobody)
      expect(mistakesIn(answer, shapes.oauthAuthorize)).toEqual([])
      return answer.url
    },
    finish: (url: string, changes?: Partial<sdk.OAuthCallbackDto>) =>
      sdk.finishOAuth(broughtBack(url, changes), nobody),
    link: (url: string, as: As) => sdk.linkOAuthAccount(broughtBack(url), as),
  }
}

/** A phone's browser at the page that leads on to the app, with the query that it brings. */
const redirectedToMobile = (query: string) =>
  sentOn(
    sdk.redirectOAuthToMobile({
      ...nobody,
      redirect: 'manual',
      fetch: (asked, init) => fetch(new Request(asked).url + query, init),
    }),
  )

/** @returns the session of whoever signed in, for the calls that follow */
async function signedIn(answer: sdk.LoginResponseDto, email: string): Promise<As> {
  expect(mistakesIn(answer, shapes.login)).toEqual([])
  expect(answer).toMatchObject({ userEmail: email, isAdmin: false })
  const as = byToken(answer.accessToken)
  const me = await sdk.getMyUser(as)
  expect(mistakesIn(me, shapes.userAdmin)).toEqual([])
  expect(me).toMatchObject({ id: answer.userId, email })
  return as
}

const alreadyLinked = 'This OAuth account has already been linked to another user.'

describe('OpenID Connect by the SDK, at oidc-provider:', () => {
  let app: string

  beforeAll(async () => {
    const porchlight = await startPorchlight(stage, { name: 'with-issuer' })
    app = porchlight.url
    sdk.setBaseUrl(`${app}/api`)
    const { admin } = await moveIn(app)
    const { settings } = await providerIssuer(stage, app)
    const mobileRedirectUri = `${app}/api/oauth/mobile-redirect`
    await putOauth(app, admin.apiKey, { ...settings, mobileOverrideEnabled: true, mobileRedirectUri })
  })

  /** The walk of a browser of her own to the issuer and back to a page of ours. */
  const walk = (url: string, account: string, page: string) =>
    createWalker().walk(url, { account, until: app + page })
  const signInAtPage = async (account: string) => {
    const own = program()
    const came = await walk(await own.begin(`${app}/auth/login`), account, '/auth/login')
    return { ...own, came }
  }
  const withPassword = async ({ email, password }: { email: string; password: string }) =>
    byToken((await sdk.login({ loginCredentialDto: { email, password } }, nobody)).accessToken)

  test('gran signs in there and is known by her token, until she signs out', async () => {
    expect(await sdk.getServerFeatures(nobody)).toMatchObject({ oauth: true })
    const { finish, came } = await signInAtPage('gran')
    const asGran = await signedIn(await finish(came), people.gran.email)
    expect(await sdk.getMyUser(asGran)).toMatchObject({ oauthId: 'gran' })
    const out = await sdk.logout(asGran)
    expect(mistakesIn(out, shapes.logout)).toEqual([])
    expect(out.redirectUri).toMatch(/\/session\/end\?/)
    expect((await refusal(sdk.getMyUser(asGran))).status).toBe(401)
  })

  test('her phone comes back by the page that leads on to the app, since the issuer refuses the app’s scheme', async () => {
    const phone = program()
    const came = await walk(await phone.begin(appAddress), 'gran', '/api/oauth/mobile-redirect')
    const { search } = new URL(came)
    expect(new URLSearchParams(search).get('state')).toBe(phone.state)
    const opened = await redirectedToMobile(search)
    expect(opened).toBe(appAddress + search)
    await signedIn(await phone.finish(opened ?? ''), people.gran.email)
  })

  test('a code is of no use with another verifier or state, nor a second time', async () => {
    const failed = { status: 500, message: 'Failed to finish oauth' }
    const first = await signInAtPage('gran')
    expect(await refusal(first.finish(first.came, { codeVerifier: 'v'.repeat(43) }))).toEqual(failed)
    const second = await signInAtPage('gran')
    expect(await refusal(second.finish(second.came, { state: 'of somebody else' }))).toEqual(failed)
    await second.finish(second.came)
    expect(await refusal(second.finish(second.came))).toEqual(failed)
  })

  test('no sign-in is sent to another site', async () => {
    expect((await refusal(program().begin('https://evil.example/auth/login'))).status).toBe(400)
  })

  test('anna links her account to another name there, signs in by it, and takes the link away', async () => {
    const asAnna = await withPassword(people.anna)
    const toLink = async (as: As) => {
      const own = program()
      const came = await walk(await own.begin(`${app}/user-settings`), 'anna-at-work', '/user-settings')
      return own.link(came, as)
    }
    const linked = await toLink(asAnna)
    expect(mistakesIn(linked, shapes.userAdmin)).toEqual([])
    expect(linked).toMatchObject({ email: people.anna.email, oauthId: 'anna-at-work' })
    expect((await refusal(toLink(nobody))).status).toBe(401)
    expect(await refusal(toLink(await withPassword(people.gran)))).toEqual({
      status: 400,
      message: alreadyLinked,
    })

    const { finish, came } = await signInAtPage('anna-at-work')
    const asTheSame = await signedIn(await finish(came), people.anna.email)
    const unlinked = await sdk.unlinkOAuthAccount(asTheSame)
    expect(mistakesIn(unlinked, shapes.userAdmin)).toEqual([])
    expect(unlinked).toMatchObject({ id: linked.id, oauthId: '' })
    expect(await sdk.getMyUser(asAnna)).toMatchObject({ oauthId: '' })
  })
})

describe('a phone by trusted header and no issuer, by the same calls of the SDK:', () => {
  let app: string

  beforeAll(async () => {
    const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'] }
    const porchlight = await startPorchlight(stage, { name: 'with-header', config: { trustedHeader } })
    app = porchlight.url
    sdk.setBaseUrl(`${app}/api`)
    await moveIn(app)
  })

  /** Our page in the phone's browser, to whose requests the proxy adds who is there. @returns where it goes on to */
  async function saysYes(page: string, headers: Record<string, string>): Promise<Response> {
    const asked = new URL(page).searchParams
    const body = {
      redirectUri: asked.get('redirect_uri'),
      state: asked.get('state'),
      codeChallenge: asked.get('code_challenge'),
    }
    return fetch(`${app}/api/device-sign-in/grant`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: app, ...headers },
      body: JSON.stringify(body),
    })
  }
  const asGranInBrowser = { 'remote-email': people.gran.email }

  async function granted() {
    const phone = program()
    const answer = await saysYes(await phone.begin(appAddress), asGranInBrowser)
    expect(answer.status).toBe(201)
    return { ...phone, came: ((await answer.json()) as { url: string }).url }
  }

  test('gran says yes in the browser, and the app has a session that needs no header, until it signs out', async () => {
    expect(await sdk.getServerFeatures(nobody)).toMatchObject({ oauth: true, oauthAutoLaunch: false })
    const phone = program()
    const page = await phone.begin(appAddress)
    expect(page).toMatch(`${app}/auth/device?`)
    expect((await saysYes(page, {})).status).toBe(401)

    const { finish, came } = await granted()
    expect(came).toMatch(/^app\.immich:\/\/\/oauth-callback\?code=/)
    const asGran = await signedIn(await finish(came), people.gran.email)
    expect(await sdk.validateAccessToken(asGran)).toEqual({ authStatus: true })
    const out = await sdk.logout(asGran)
    expect(mistakesIn(out, shapes.logout)).toEqual([])
    expect((await refusal(sdk.getMyUser(asGran))).status).toBe(401)
  })

  test('the page that leads on to the app serves her as well', async () => {
    const { finish, came } = await granted()
    const { search } = new URL(came)
    const opened = await redirectedToMobile(search)
    expect(opened).toBe(came)
    await signedIn(await finish(opened ?? ''), people.gran.email)
  })

  test('a code is of no use with another verifier or state, nor a second time', async () => {
    const failed = { status: 400, message: 'OAuth authentication failed' }
    for (const changes of [{ codeVerifier: 'v'.repeat(43) }, { state: 'of somebody else' }]) {
      const { finish, came } = await granted()
      expect(await refusal(finish(came, changes))).toEqual(failed)
      expect(await refusal(finish(came))).toEqual(failed)
    }
    const { finish, came } = await granted()
    await finish(came)
    expect(await refusal(finish(came))).toEqual(failed)
  })

  test('there is nobody to link an account to, and no code leaves for another site', async () => {
    const { finish, came } = await granted()
    const asGran = await signedIn(await finish(came), people.gran.email)
    const other = await granted()
    expect(await refusal(other.link(other.came, asGran))).toEqual({
      status: 400,
      message: 'OAuth is not enabled',
    })
    const unlinked = await sdk.unlinkOAuthAccount(asGran)
    expect(mistakesIn(unlinked, shapes.userAdmin)).toEqual([])
    expect(unlinked.oauthId).toBe('')
    expect((await refusal(program().begin('https://evil.example/auth/login'))).status).toBe(400)
  })
})
