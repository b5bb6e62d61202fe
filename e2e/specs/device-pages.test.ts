import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveIn } from '../../scripts/household-people.ts'
import { chromiumPath, openProfile } from '../stacks/browser.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const androids =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36'

const stage = openStage()
let url: string
let browser: Browser
let gran: BrowserContext
let admin: BrowserContext
let page: Page

/** A browser for which the proxy vouches: 127.0.0.1 is the proxy here, and says so in a header. */
async function browserOf(email: string, userAgent?: string): Promise<BrowserContext> {
  const profile = await (userAgent === undefined ? openProfile(browser) : browser.newContext({ userAgent }))
  await profile.setExtraHTTPHeaders({ 'remote-email': email })
  profile.setDefaultTimeout(15_000)
  const first = await profile.newPage()
  await first.goto(`${url}/photos`)
  await first.waitForLoadState('networkidle')
  await first.close()
  return profile
}

beforeAll(async () => {
  const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'] }
  url = (await startPorchlight(stage, { config: { trustedHeader } })).url
  await moveIn(url)
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  browser = await chromium.launch({ executablePath: chromiumPath(), args })
  stage.atTheEnd(() => browser.close())
  gran = await browserOf('gran@home.example')
  admin = await browserOf('admin@home.example')
})
beforeEach(async () => {
  page = await gran.newPage()
  return () => page.close()
})

const open = async (path: string) => {
  await page.goto(`${url}${path}`)
  await page.waitForLoadState('networkidle')
}
const status = async (headers: Record<string, string>) =>
  (await fetch(`${url}/api/users/me`, { headers })).status

const asked = `/auth/device?${new URLSearchParams({
  redirect_uri: 'app.immich:///oauth-callback',
  state: 'state-of-the-app',
  code_challenge: 'x'.repeat(43),
}).toString()}`

test('by keyboard alone, gran adds a TV: a QR code and a token, shown once; then she signs it out', async () => {
  await open('/account/devices')
  await page.getByRole('button', { name: 'Add a device' }).focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Name', { exact: true }).waitFor()
  await page.keyboard.type('TV in the parlour')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '“TV in the parlour” is added' }).waitFor()
  await page.getByRole('img', { name: /^QR code/ }).waitFor()
  const text = await page.getByText(/^IMMICH_INSTANCE_URL=/).innerText()
  const [, token = ''] = /IMMICH_SESSION_TOKEN=(\w+)/.exec(text) ?? []
  expect(await status({ 'x-immich-user-token': token })).toBe(200)

  await open('/account/devices')
  expect(await page.content()).not.toContain(token)
  await page.getByRole('button', { name: 'Sign out “TV in the parlour”' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign it out' }).click()
  await page.getByText('The device is signed out.').waitFor()
  expect(await status({ 'x-immich-user-token': token })).toBe(401)
})

test('a narrow key for a card reader does what it is for, and is among the API keys', async () => {
  await open('/account/devices')
  await page.getByRole('button', { name: 'Add a device' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Card reader')
  await page.getByLabel('For how long').selectOption('A month')
  await page.getByRole('dialog').getByRole('button', { name: 'Add the device' }).click()
  const text = await page.getByText(/^IMMICH_INSTANCE_URL=/).innerText()
  const [, key = ''] = /IMMICH_API_KEY=(\w+)/.exec(text) ?? []
  expect(await status({ 'x-api-key': key })).toBe(200)
  await open('/account/api-keys')
  await page.getByText('Card reader').waitFor()
})

test('gran names her phone, and signs out all others', async () => {
  const phone = await browserOf('gran@home.example', androids)
  await open('/account/devices')
  await page.getByText('Chrome on Android').waitFor()
  await page.getByRole('button', { name: 'Rename “Chrome on Android”' }).click()
  await page.getByLabel('Name', { exact: true }).fill('My phone')
  await page.getByRole('button', { name: 'Keep the name' }).click()
  await page.getByText('My phone').first().waitFor()
  await page.getByRole('button', { name: 'Sign out all others' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out all others' }).click()
  await page.getByText('All other devices are signed out.').waitFor()
  await page.getByText('My phone').waitFor({ state: 'detached' })
  expect(await page.getByRole('listitem').filter({ hasText: 'Signed in by your proxy' }).count()).toBe(1)
  await phone.close()
})

test('an admin signs out what another person lost', async () => {
  const phone = await browserOf('gran@home.example', androids)
  const adminPage = await admin.newPage()
  await adminPage.goto(`${url}/admin/users`)
  await adminPage.getByRole('link', { name: 'Devices of Gran' }).click()
  await adminPage.getByRole('heading', { name: 'Devices of Gran' }).waitFor()
  await adminPage.getByRole('button', { name: 'Sign out “Chrome on Android”' }).click()
  await adminPage.getByRole('button', { name: 'Sign it out' }).click()
  await adminPage.getByText('The device is signed out.').waitFor()
  await adminPage.getByText('Chrome on Android').waitFor({ state: 'detached' })
  expect(await adminPage.getByRole('button', { name: /Sign out “/ }).count()).toBeGreaterThan(0)
  await adminPage.close()
  await phone.close()
})

test('the page that lets an app in does nothing by itself, and nothing for an address without an app', async () => {
  const posts: string[] = []
  page.on('request', (request) => {
    if (request.method() !== 'GET') posts.push(request.url())
  })
  await open(asked)
  await page.getByRole('heading', { name: 'Sign in Immich on this device as Gran?' }).waitFor()
  await open('/auth/device')
  await page.getByRole('heading', { name: 'Nothing to sign in' }).waitFor()
  await open(asked.replace('app.immich', 'https'))
  await page.getByRole('button', { name: 'Sign in as Gran' }).click()
  await page.getByText('The redirect address is not one of Immich’s app').waitFor()
  expect(posts).toEqual([`${url}/api/device-sign-in/grant`])
})

describe.each([390, 1440])('%i pixels wide', (width) => {
  test.each(['/account/devices', '/account/devices with a form', '/account/devices with a new one', asked])(
    '%s has nothing that shuts people out, by day and by night, and fits',
    async (what) => {
      await page.setViewportSize({ width, height: 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await open(what.split(' ')[0] ?? '')
        if (what.includes('with')) await page.getByRole('button', { name: 'Add a device' }).click()
        if (what.includes('new')) {
          await page.getByLabel('Name', { exact: true }).fill('TV')
          await page.keyboard.press('Enter')
          await page.getByRole('img', { name: /^QR code/ }).waitFor()
        }
        await page.waitForTimeout(300)
        await page.evaluate(axe)
        const found = await page.evaluate<{ id: string; impact: string }[]>(
          `axe.run(document).then(({ violations }) => violations.map(({ id, impact }) => ({ id, impact })))`,
        )
        expect(found).toEqual([])
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
      }
    },
  )
})
