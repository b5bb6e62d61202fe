import * as sdk from '@immich/sdk'
import { beforeAll, describe, expect, test } from 'vitest'
import { startPorchlight } from '../stacks/porchlight.ts'
import { nobody, refusal, type As } from '../stacks/sdk-calls.ts'
import { mistakesIn, shapes } from '../stacks/sdk-shapes.ts'
import { openStage } from '../stacks/stage.ts'

const stage = openStage()
const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const admin = { email: 'admin@home.example', password: 'lamp over the door', name: 'Admin' }
const gran = { email: 'gran@home.example', password: 'apple cake recipe', name: 'Gran' }

const signIn = async ({ email, password }: { email: string; password: string }): Promise<As> => {
  const { accessToken } = await sdk.login({ loginCredentialDto: { email, password } }, nobody)
  return { headers: { authorization: `Bearer ${accessToken}` } }
}

let asAdmin: As
let asGran: As
let gransId: string
let registered: sdk.UserAdminResponseDto
let made: sdk.UserAdminResponseDto

beforeAll(async () => {
  const porchlight = await startPorchlight(stage, { env: { PORCHLIGHT_LOG_LEVEL: 'warn' } })
  // `init` would send an API key with everything; here each call says as whom.
  sdk.setBaseUrl(`${porchlight.url}/api`)
  registered = await sdk.signUpAdmin({ signUpDto: admin }, nobody)
  asAdmin = await signIn(admin)
  made = await sdk.createUserAdmin({ userAdminCreateDto: gran }, asAdmin)
  gransId = made.id
  asGran = await signIn(gran)
})

test('the first admin and an account that she makes are as the SDK says', () => {
  expect(mistakesIn(registered, shapes.userAdmin)).toEqual([])
  expect(registered).toMatchObject({ email: admin.email, isAdmin: true })
  expect(mistakesIn(made, shapes.userAdmin)).toEqual([])
})

describe('signing in and out by the SDK', () => {
  test('gran signs in, is known, and signs out', async () => {
    const answer = await sdk.login({ loginCredentialDto: gran }, nobody)
    expect(mistakesIn(answer, shapes.login)).toEqual([])
    expect(answer).toMatchObject({ userEmail: gran.email, userId: gransId, isAdmin: false })
    const as = { headers: { authorization: `Bearer ${answer.accessToken}` } }
    expect(await sdk.validateAccessToken(as)).toEqual({ authStatus: true })
    expect(mistakesIn(await sdk.getMyUser(as), shapes.userAdmin)).toEqual([])
    const out = await sdk.logout(as)
    expect(mistakesIn(out, shapes.logout)).toEqual([])
    expect(out).toEqual({ successful: true, redirectUri: '/auth/login?autoLaunch=0' })
    expect(await refusal(sdk.getMyUser(as))).toEqual({ status: 401, message: 'Invalid user token' })
  })

  test('a wrong password and an address that is none are refused in Immich’s words', async () => {
    const wrong = { email: 'nobody@home.example', password: 'guess' }
    expect(await refusal(sdk.login({ loginCredentialDto: wrong }, nobody))).toEqual({
      status: 401,
      message: 'Incorrect email or password',
    })
    const none = { email: 'nobody', password: 'guess' }
    expect(await refusal(sdk.login({ loginCredentialDto: none }, nobody))).toMatchObject({ status: 400 })
  })

  test('a password is changed by who knows it, and other sessions end', async () => {
    const other = await signIn(gran)
    const change = (password: string, newPassword: string) =>
      sdk.changePassword({ changePasswordDto: { password, newPassword } }, asGran)
    expect(await refusal(change('guess', 'rhubarb cake recipe'))).toEqual({
      status: 400,
      message: 'Wrong password',
    })
    expect(mistakesIn(await change(gran.password, 'rhubarb cake recipe'), shapes.userAdmin)).toEqual([])
    expect((await refusal(sdk.getMyUser(other))).status).toBe(401)
    await change('rhubarb cake recipe', gran.password)
  })
})

describe('the PIN and the locked folder by the SDK', () => {
  const status = () => sdk.getAuthStatus(asGran)
  const locked = { visibility: sdk.AssetVisibility.Locked }

  test('gran sets a PIN, opens the folder with it, and shuts it', async () => {
    expect(await status()).toEqual({ pinCode: false, password: true, isElevated: false })
    await sdk.setupPinCode({ pinCodeSetupDto: { pinCode: '123456' } }, asGran)
    expect(await refusal(sdk.getTimeBuckets(locked, asGran))).toEqual({
      status: 401,
      message: 'Elevated permission is required',
    })
    await sdk.unlockAuthSession({ sessionUnlockDto: { pinCode: '123456' } }, asGran)
    expect(mistakesIn(await status(), shapes.authStatus)).toEqual([])
    expect(await status()).toMatchObject({ pinCode: true, isElevated: true })
    expect(await sdk.getTimeBuckets(locked, asGran)).toEqual([])
    await sdk.lockAuthSession(asGran)
    expect(await status()).toMatchObject({ isElevated: false })
  })

  test('a PIN is changed and removed', async () => {
    await sdk.changePinCode({ pinCodeChangeDto: { pinCode: '123456', newPinCode: '222222' } }, asGran)
    const wrong = sdk.unlockAuthSession({ sessionUnlockDto: { pinCode: '123456' } }, asGran)
    expect((await refusal(wrong)).status).toBe(400)
    await sdk.unlockAuthSession({ sessionUnlockDto: { pinCode: '222222' } }, asGran)
    const [current] = await sdk.getSessions(asGran)
    await sdk.lockSession({ id: current?.id ?? '' }, asGran)
    expect(await status()).toMatchObject({ isElevated: false })
    await sdk.resetPinCode({ pinCodeResetDto: { password: gran.password } }, asGran)
    expect(await status()).toMatchObject({ pinCode: false })
  })

  test('an admin takes a PIN away', async () => {
    await sdk.setupPinCode({ pinCodeSetupDto: { pinCode: '123456' } }, asGran)
    await sdk.updateUserAdmin({ id: gransId, userAdminUpdateDto: { pinCode: null } }, asAdmin)
    expect(await status()).toMatchObject({ pinCode: false })
  })
})

describe('sessions by the SDK', () => {
  test('gran sees her sessions and ends one, and then all others', async () => {
    const other = await signIn(gran)
    const sessions = await sdk.getSessions(asGran)
    expect(sessions.length).toBeGreaterThan(1)
    for (const session of sessions) expect(mistakesIn(session, shapes.session)).toEqual([])
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    const [others] = await sdk.getSessions(other).then((list) => list.filter(({ current }) => current))
    await sdk.deleteSession({ id: others?.id ?? '' }, asGran)
    expect((await refusal(sdk.getMyUser(other))).status).toBe(401)
    expect(await refusal(sdk.deleteSession({ id: others?.id ?? '' }, asGran))).toEqual({
      status: 400,
      message: 'Not found or no authDevice.delete access',
    })
    const third = await signIn(gran)
    await sdk.deleteAllSessions(asGran)
    expect((await refusal(sdk.getMyUser(third))).status).toBe(401)
    expect(await sdk.getSessions(asGran)).toHaveLength(1)
  })

  test('a session makes another one that ends after a while', async () => {
    const made = await sdk.createSession(
      { sessionCreateDto: { duration: 3600, deviceType: 'TV', deviceOS: 'Linux' } },
      asGran,
    )
    expect(mistakesIn(made, shapes.sessionCreate)).toEqual([])
    expect(made).toMatchObject({ deviceType: 'TV', deviceOS: 'Linux', current: false })
    const as = { headers: { 'x-immich-session-token': made.token } }
    expect((await sdk.getMyUser(as)).id).toBe(gransId)
    await sdk.deleteSession({ id: made.id }, asGran)
    expect((await refusal(sdk.getMyUser(as))).status).toBe(401)
  })
})

describe('API keys by the SDK', () => {
  const make = (permissions: sdk.Permission[], as = asGran) =>
    sdk.createApiKey({ apiKeyCreateDto: { name: 'cli', permissions } }, as)
  const byKey = (secret: string): As => ({ headers: { 'x-api-key': secret } })

  test('a key is made, read, renamed, replaced and deleted', async () => {
    const made = await make([sdk.Permission.UserRead, sdk.Permission.ApiKeyRead])
    expect(mistakesIn(made, shapes.apiKeyCreate)).toEqual([])
    expect(mistakesIn(made.apiKey, shapes.apiKey)).toEqual([])
    expect((await sdk.getMyUser(byKey(made.secret))).id).toBe(gransId)
    expect(mistakesIn(await sdk.getMyApiKey(byKey(made.secret)), shapes.apiKey)).toEqual([])
    expect((await sdk.getApiKeys(asGran)).map(({ id }) => id)).toContain(made.id)
    expect(mistakesIn(await sdk.getApiKey({ id: made.id }, asGran), shapes.apiKey)).toEqual([])
    const apiKeyUpdateDto = { name: 'new name', permissions: [sdk.Permission.UserRead] }
    expect(await sdk.updateApiKey({ id: made.id, apiKeyUpdateDto }, asGran)).toMatchObject(apiKeyUpdateDto)

    const rotated = await sdk.rotateApiKey({ id: made.id }, asGran)
    expect(mistakesIn(rotated, shapes.apiKeyCreate)).toEqual([])
    expect(await refusal(sdk.getMyUser(byKey(made.secret)))).toEqual({
      status: 401,
      message: 'Invalid API key',
    })
    expect((await sdk.getMyUser(byKey(rotated.secret))).id).toBe(gransId)
    await sdk.deleteApiKey({ id: made.id }, asGran)
    expect((await refusal(sdk.getMyUser(byKey(rotated.secret)))).status).toBe(401)
    expect(await refusal(sdk.getMyApiKey(asGran))).toEqual({
      status: 403,
      message: 'Not authenticated with an API Key',
    })
  })

  test('a key does what it may and is told what it may not', async () => {
    const { secret, id } = await make([sdk.Permission.AssetRead])
    expect(await refusal(sdk.getMyUser(byKey(secret)))).toEqual({
      status: 403,
      message: 'Missing required permission: user.read',
    })
    await sdk.deleteApiKey({ id }, asGran)
  })

  test('every permission that a route asks for is a word of Immich’s', async () => {
    const answer = await fetch(`${sdk.getBaseUrl()}/openapi.json`)
    const text = await answer.text()
    const words = [...text.matchAll(/Permission of an API key: `([\w.]+)`/g)].map(([, word]) => word)
    expect(words.length).toBeGreaterThan(50)
    const known: readonly string[] = Object.values(sdk.Permission)
    expect([...new Set(words)].filter((word) => word === undefined || !known.includes(word))).toEqual([])
  })
})

describe('shared links by the SDK', () => {
  const upload = () =>
    sdk.uploadAsset(
      {
        assetMediaCreateDto: {
          assetData: new File([onePixelPng], 'cake.png'),
          fileCreatedAt: '2024-05-05T10:00:00.000Z',
          fileModifiedAt: '2024-05-05T10:00:00.000Z',
        },
      },
      asGran,
    )

  test('gran shares a photo, changes the link, and takes it back', async () => {
    const { id: assetId } = await upload()
    const sharedLinkCreateDto = { type: sdk.SharedLinkType.Individual, assetIds: [assetId] }
    const link = await sdk.createSharedLink({ sharedLinkCreateDto }, asGran)
    expect(mistakesIn(link, shapes.sharedLink)).toEqual([])
    expect(link).toMatchObject({ type: 'INDIVIDUAL', password: null, slug: null, userId: gransId })
    expect((await sdk.getAllSharedLinks({}, asGran)).map(({ id }) => id)).toEqual([link.id])
    expect(mistakesIn(await sdk.getSharedLinkById({ id: link.id }, asGran), shapes.sharedLink)).toEqual([])

    const visited = await sdk.getMySharedLink({ key: link.key }, nobody)
    expect(mistakesIn(visited, shapes.sharedLink)).toEqual([])
    expect(visited.assets.map(({ id }) => id)).toEqual([assetId])
    expect((await sdk.getAssetInfo({ id: assetId, key: link.key }, nobody)).id).toBe(assetId)

    const sharedLinkEditDto = { slug: 'grans-cake', allowDownload: false, description: 'Cake' }
    expect(await sdk.updateSharedLink({ id: link.id, sharedLinkEditDto }, asGran)).toMatchObject(
      sharedLinkEditDto,
    )
    expect((await sdk.getMySharedLink({ slug: 'grans-cake' }, nobody)).id).toBe(link.id)
    const removed = await sdk.removeSharedLinkAssets(
      { id: link.id, assetIdsDto: { assetIds: [assetId] } },
      asGran,
    )
    expect(removed).toEqual([{ assetId, success: true }])
    const added = await sdk.addSharedLinkAssets({ id: link.id, assetIdsDto: { assetIds: [assetId] } }, asGran)
    expect(added).toEqual([{ assetId, success: true }])
    await sdk.removeSharedLink({ id: link.id }, asGran)
    expect((await refusal(sdk.getMySharedLink({ key: link.key }, nobody))).status).toBe(401)
  })

  test('a link to an album asks for its password', async () => {
    const { id: albumId } = await sdk.createAlbum({ createAlbumDto: { albumName: 'Cakes' } }, asGran)
    const sharedLinkCreateDto = { type: sdk.SharedLinkType.Album, albumId, password: 'marzipan' }
    const { key, id } = await sdk.createSharedLink({ sharedLinkCreateDto }, asGran)
    expect((await refusal(sdk.getMySharedLink({ key }, nobody))).status).toBe(401)
    const guess = sdk.sharedLinkLogin({ key, sharedLinkLoginDto: { password: 'guess' } }, nobody)
    expect((await refusal(guess)).status).toBe(401)
    const open = await sdk.sharedLinkLogin({ key, sharedLinkLoginDto: { password: 'marzipan' } }, nobody)
    expect(mistakesIn(open, shapes.sharedLink)).toEqual([])
    expect(open).toMatchObject({ id, album: { id: albumId } })
  })
})

describe('OpenID Connect by the SDK, while nobody has set it up', () => {
  test('each call says so, and nobody is linked', async () => {
    const off = { status: 400, message: 'OAuth is not enabled' }
    const redirectUri = 'app.immich:///oauth-callback'
    expect(await refusal(sdk.startOAuth({ oAuthConfigDto: { redirectUri } }, nobody))).toEqual(off)
    const oAuthCallbackDto = { url: `${redirectUri}?code=x&state=y`, state: 'y', codeVerifier: 'z' }
    expect(await refusal(sdk.finishOAuth({ oAuthCallbackDto }, nobody))).toMatchObject({ status: 400 })
    expect(await refusal(sdk.linkOAuthAccount({ oAuthCallbackDto }, asGran))).toMatchObject({ status: 400 })
    expect((await sdk.unlinkOAuthAccount(asGran)).oauthId).toBe('')
    expect((await sdk.getServerFeatures(nobody)).oauth).toBe(false)
  })
})

// Last, since it changes the SDK for the whole program.
test('a program that is told a key once uses it for everything', async () => {
  const apiKeyCreateDto = { permissions: [sdk.Permission.All] }
  const { secret } = await sdk.createApiKey({ apiKeyCreateDto }, asGran)
  sdk.init({ baseUrl: sdk.getBaseUrl(), apiKey: secret, headers: { 'x-program': 'frame' } })
  expect((await sdk.getMyUser()).id).toBe(gransId)
  expect(await sdk.validateAccessToken()).toEqual({ authStatus: true })
  expect(await refusal(sdk.unlockAuthSession({ sessionUnlockDto: { pinCode: '123456' } }))).toMatchObject({
    status: 400,
  })
})
