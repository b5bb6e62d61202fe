import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { startCaddy } from '../stacks/caddy.ts'
import type { Proxy } from '../stacks/caddy.ts'
import { freePort } from '../stacks/free-port.ts'
import { startLemonldap } from '../stacks/lemonldap.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { signInAtPortal } from '../stacks/portal-sign-in.ts'
import { settingsPages } from '../stacks/settings-pages.ts'
import { openStage } from '../stacks/stage.ts'

const stage = openStage()
let porchlight: Porchlight
let proxy: Proxy
let adminsBrowser: BrowserContext
let gransBrowser: BrowserContext
let page: Page
/** From the start of the server to gran among her photos, in milliseconds. */
let began: number

/** Caddy and a portal stand already; Porchlight is started without a single setting. */
beforeAll(async () => {
  const domain = 'photos.test'
  const names = { domain, app: `app.${domain}`, auth: `auth.${domain}`, port: await freePort() }
  const portal = await startLemonldap(stage, names)
  began = Date.now()
  porchlight = await startPorchlight(stage)
  proxy = await startCaddy(stage, { names, portal, porchlight })
  const browser = await startBrowser(stage, names)
  adminsBrowser = await openProfile(browser)
  gransBrowser = await openProfile(browser)
  page = await adminsBrowser.newPage()
})

test('whoever comes first, past the portal, becomes the admin and is asked how people will sign in', async () => {
  await page.goto(proxy.appUrl)
  await signInAtPortal(page, 'admin')
  await page.getByLabel('Your name').fill('Admin')
  await page.getByLabel('E-mail').fill('admin@home.example')
  await page.getByLabel('Password').fill('the-porch-is-lit')
  await page.getByRole('button', { name: 'Move in' }).click()
  await page.waitForURL(`${proxy.appUrl}/admin/welcome`)
  await page.getByRole('radio', { name: 'My reverse proxy knows who is there' }).waitFor()
  expect(await page.getByRole('radio').count()).toBe(3)
})

test('the proxy is found on that very request, and the narrowest network is proposed', async () => {
  await page.getByText('Your proxy names somebody on this very request').waitFor()
  const { field } = settingsPages(page)
  expect(await field('Trusted networks').inputValue()).toBe('127.0.0.1/32')
  expect(await field('E-mail header').inputValue()).toBe('remote-email')
  await page.getByText('You stay in.').waitFor()
})

test('turned on and kept, the check through the real proxy finds nothing open', async () => {
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByRole('button', { name: 'Keep the new settings' }).click()
  await settingsPages(page).trial().waitFor({ state: 'detached' })

  await page.getByRole('button', { name: 'Run the check' }).click()
  await page.getByRole('heading', { name: /^It holds/ }).waitFor({ timeout: 60_000 })
  expect(await page.getByRole('list', { name: 'What needs a look' }).getByText('Bad:').count()).toBe(0)
})

test('gran, whom nobody has told anything, is among her photos without a login page; all within three minutes', async () => {
  const grans = await gransBrowser.newPage()
  await grans.goto(proxy.appUrl)
  await signInAtPortal(grans, 'gran')
  await grans.waitForURL(`${proxy.appUrl}/photos`)
  await grans.getByRole('button', { name: /^Account: / }).waitFor()
  expect(Date.now() - began).toBeLessThan(180_000)
})
