import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { moveIn, people } from '../../scripts/household-people.ts'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import { openProfile } from '../stacks/browser.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const stage = openStage()
let url: string
let gran: BrowserContext
let friend: BrowserContext
let page: Page

beforeAll(async () => {
  const porchlight = await startPorchlight(stage, { env: { PORCHLIGHT_TRUSTED_HEADER: 'false' } })
  url = porchlight.url
  const members = await moveIn(url)
  for (const photo of photos.slice(0, 4)) {
    const takenAt = new Date(`${photo.takenAt}Z`)
    await members.gran.api.upload({ name: photo.name, takenAt, bytes: await renderPhoto(photo) })
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  stage.atTheEnd(() => browser.close())
  gran = await openProfile(browser)
  friend = await openProfile(browser)
  const { email, password } = people.gran
  await gran.request.post(`${url}/api/auth/login`, { data: { email, password } })
})
beforeEach(async () => {
  page = await gran.newPage()
  return () => page.close()
})

const open = async (path: string) => {
  await page.goto(`${url}${path}`)
  await page.waitForLoadState('networkidle')
}

const axeProblems = async (of: Page) => {
  await of.addScriptTag({ content: axe }).catch(() => of.evaluate(axe))
  const found = await of.evaluate<{ violations: { id: string; impact: string }[] }>(`axe.run()`)
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id }) => id)
}

/** What a friend sees who opens the link that gran sent. */
async function friendSees(address: string): Promise<number> {
  const visiting = await friend.newPage()
  await visiting.goto(address)
  await visiting.waitForLoadState('networkidle')
  const shown = await visiting.locator('main [data-asset]').count()
  await visiting.close()
  return shown
}

const madeAddress = () => page.getByRole('dialog').locator('code').innerText()

test('gran shares the photo that she looks at, and a friend sees that one', async () => {
  await open('/photos')
  await page.locator('a[data-asset]').first().click()
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  expect(await axeProblems(page)).toEqual([])
  expect(await friendSees(await madeAddress())).toBe(1)
})

test('what gran types into the form does nothing to the photo under it, and Escape closes the form alone', async () => {
  await open('/photos')
  await page.locator('a[data-asset]').first().click()
  await page.waitForURL(/\/photos\/.+/)
  const photo = page.url()
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByLabel('A few words with it').fill('')
  for (const key of ['f', 'i', 'Delete', 'ArrowRight']) await page.keyboard.press(key)
  await page.keyboard.press('Escape')
  await page.getByLabel('A few words with it').waitFor({ state: 'detached' })
  expect(page.url()).toBe(photo)
  expect(await page.getByRole('button', { name: 'Favourite', pressed: true }).count()).toBe(0)
  expect(await page.getByText('Moved to the trash.').count()).toBe(0)
})

test('gran chooses two photos, one of them by keyboard, and shares both', async () => {
  await open('/photos')
  const tiles = page.locator('a[data-asset]')
  await tiles.nth(0).focus()
  await page.keyboard.press('x')
  await tiles.nth(1).hover()
  await page
    .getByRole('button', { name: /^Choose: / })
    .nth(1)
    .click()
  await page.getByText('2 chosen').waitFor()
  expect(await axeProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await page.getByLabel('Short address').fill('two-of-them')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByRole('img', { name: 'The link as a QR code' }).waitFor()
  expect(await madeAddress()).toBe(`${url}/s/two-of-them`)
  expect(await friendSees(`${url}/s/two-of-them`)).toBe(2)
})

test('gran sees what she shared, changes a link and deletes it; then it leads nowhere', async () => {
  await open('/account/links')
  expect(await page.getByRole('listitem').count()).toBe(2)
  expect(await axeProblems(page)).toEqual([])
  await page
    .getByRole('button', { name: /^Change: / })
    .first()
    .click()
  await page.getByLabel('A few words with it').fill('By the sea')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('By the sea', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Delete: By the sea' }).click()
  await page.getByRole('button', { name: 'Delete the link' }).click()
  await page.getByText('The link is deleted.').waitFor()
  await expect.poll(() => page.getByRole('listitem').count()).toBe(1)
  const visiting = await friend.newPage()
  const answer = await visiting.goto(`${url}/s/two-of-them`)
  expect(answer?.status()).toBe(404)
  await visiting.getByRole('heading', { name: 'This link leads nowhere' }).waitFor()
  expect(await axeProblems(visiting)).toEqual([])
  await visiting.close()
})
