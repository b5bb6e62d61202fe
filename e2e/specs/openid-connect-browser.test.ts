import { beforeAll, expect, test } from 'vitest'
import { chromium, type BrowserContext, type Page } from 'playwright-core'
import { chromiumPath } from '../stacks/browser.ts'
import { providerIssuer } from '../stacks/oidc-issuers.ts'
import { putOauth, registerAdmin } from '../stacks/oauth-settings.ts'
import { startPorchlight, type Porchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'

const stage = openStage()
let app: Porchlight
let apiKey: string
let profile: BrowserContext
let page: Page

const button = () => page.getByRole('button', { name: 'Sign in at the lodge' })
const asks = () => page.waitForURL('**/interaction/**')

async function signInThere(account: string): Promise<void> {
  await asks()
  await page.fill('input[name=user]', account)
  await page.fill('input[name=password]', account)
  await page.click('button[type=submit]')
}

const cookieNames = async () => (await profile.cookies(app.url)).map(({ name }) => name)

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: /^Account:/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  await page.waitForURL('**/auth/signed-out')
}

beforeAll(async () => {
  app = await startPorchlight(stage)
  const { settings } = await providerIssuer(stage, app.url)
  apiKey = await registerAdmin(app.url)
  await putOauth(app.url, apiKey, { ...settings, buttonText: 'Sign in at the lodge' })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] })
  stage.atTheEnd(() => browser.close())
  profile = await browser.newContext({ locale: 'en-GB' })
  profile.setDefaultTimeout(15_000)
  page = await profile.newPage()
})

test('gran clicks the button, signs in at the issuer, and is where she wanted to be', async () => {
  await page.goto(`${app.url}/account/api-keys`)
  await button().click()
  await signInThere('gran')
  await page.waitForURL(`${app.url}/account/api-keys`)
  await page.getByRole('heading', { name: 'No API keys yet' }).waitFor()
  expect(await cookieNames()).toContain('immich_access_token')
})

test('gran signs out here and there, and nothing signs her in again', async () => {
  await signOut()
  await page.goto(`${app.url}/photos`)
  await button().click()
  await asks()
  expect(await cookieNames()).not.toContain('immich_access_token')
})

test('where the page goes on by itself, a click less; and signed out stays signed out', async () => {
  await putOauth(app.url, apiKey, { autoLaunch: true })
  await page.goto(`${app.url}/photos`)
  await signInThere('gran')
  await page.waitForURL(`${app.url}/photos`)
  await signOut()
  await page.reload()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  expect(page.url()).toBe(`${app.url}/auth/signed-out`)
  await page.goto(`${app.url}/auth/login?autoLaunch=0`)
  await button().waitFor()
  await putOauth(app.url, apiKey, { autoLaunch: false })
})

test('an address that somebody else had made for gran signs her in as nobody', async () => {
  await page.goto(`${app.url}/auth/login?code=mallorys&state=mallorys`)
  await page.getByRole('alert').getByText('did not work out').waitFor()
  expect(page.url()).toBe(`${app.url}/auth/login?autoLaunch=0`)
})

test('the admin, who has a password, links her account and unlinks it', async () => {
  await page.goto(`${app.url}/auth/login`)
  await page.getByLabel('E-mail').fill('admin@home.example')
  await page.getByLabel('Password').fill('lamp over the door')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(`${app.url}/photos`)
  await page.goto(`${app.url}/account/sign-in`)
  await page.getByRole('button', { name: 'Link with the login service' }).click()
  await signInThere('caretaker')
  await page.waitForURL(`${app.url}/account/sign-in`)
  await page.getByRole('button', { name: 'Unlink' }).click()
  await page.getByRole('button', { name: 'Link with the login service' }).waitFor()
  expect(page.url()).toBe(`${app.url}/account/sign-in`)
})
