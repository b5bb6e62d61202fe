import type { BrowserContext } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { phoneOn } from '../stacks/phone.ts'
import { signInAtPortal } from '../stacks/portal-sign-in.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet, type StartProxy, type Street } from '../stacks/street.ts'

/** Immich's app signs in by trusted header, past a real proxy and its portal. In this order. */
export function aPhoneBehind(startProxy: StartProxy): void {
  const stage = openStage()
  let street: Street
  let profile: BrowserContext
  let token: string

  beforeAll(async () => {
    street = await buildStreet(stage, startProxy)
    profile = await openProfile(await startBrowser(stage, street.names))
  })

  /** In the phone's browser, in a tab that the app opens: the portal asks who is there, and our page whether it shall be. */
  async function saysYes(url: string, { atPortal = false } = {}): Promise<string> {
    const page = await profile.newPage()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(url)
    if (atPortal) await signInAtPortal(page, 'gran')
    await page.getByRole('heading', { name: 'Sign in Immich on this device as Gran?' }).waitFor()
    await page.getByRole('button', { name: 'Sign in as Gran' }).click()
    const way = await page.getByRole('link', { name: 'Open the app' }).getAttribute('href')
    await page.close()
    return way ?? ''
  }

  test('the app learns without signing in that it can sign in by way of the browser', async () => {
    expect(await phoneOn(street).looks()).toMatchObject({
      statuses: [200, 200, 200],
      features: { oauth: true },
      config: { oauthButtonText: 'Sign in as in the browser', isInitialized: true },
    })
  })

  test('gran signs in at the portal, says yes, and the app has a session that passes the proxy', async () => {
    const phone = phoneOn(street)
    const begun = await phone.begin()
    expect(begun.status).toBe(201)
    const { url } = JSON.parse(begun.body) as { url: string }
    expect(url).toMatch(`${street.proxy.appUrl}/auth/device?`)

    const came = await saysYes(url, { atPortal: true })
    const answer = await phone.comesBack(came)
    expect(answer.status).toBe(201)
    token = (JSON.parse(answer.body) as { accessToken: string }).accessToken

    const me = await phone.uses(token, '/api/users/me')
    expect(JSON.parse(me.body)).toMatchObject({ email: 'gran@home.example' })
    expect((await phone.uses(token, '/api/timeline/buckets')).status).toBe(200)
    expect((await phone.uses('wrong', '/api/users/me')).status).toBe(401)
    expect((await phone.comesBack(came)).status).toBe(400)
  })

  test('who reads the code on its way has no use for it', async () => {
    const phone = phoneOn(street)
    const { url } = JSON.parse((await phone.begin()).body) as { url: string }
    const came = await saysYes(url)
    expect((await phone.comesBack(came, 'v'.repeat(43))).status).toBe(400)
    expect((await phone.comesBack(came)).status).toBe(400)
  })

  test('gran signs out in the browser, and the phone stays signed in', async () => {
    const page = await profile.newPage()
    await page.goto(`${street.proxy.appUrl}/photos`)
    await page.getByRole('button', { name: /account/i }).click()
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(`https://${street.names.auth}:${street.names.port}/**`)
    expect((await phoneOn(street).uses(token, '/api/users/me')).status).toBe(200)
  })

  test('no code and no token is in a log', async () => {
    const { log } = street.porchlight
    expect(log()).not.toContain(token)
    expect(log()).not.toMatch(/[?&]code=/)
  })
}
