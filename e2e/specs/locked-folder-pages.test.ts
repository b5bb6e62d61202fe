import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { moveIn, people } from '../../scripts/household-people.ts'
import { chromiumPath, openProfile } from '../stacks/browser.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import { openStage } from '../stacks/stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const stage = openStage()
let url: string
let profile: BrowserContext
let page: Page
let photo: string

beforeAll(async () => {
  const porchlight = await startPorchlight(stage)
  url = porchlight.url
  await moveIn(url)
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  stage.atTheEnd(() => browser.close())
  profile = await openProfile(browser)
  const { email, password } = people.admin
  await profile.request.post(`${url}/api/auth/login`, { data: { email, password } })
  photo = await upload()
  page = await profile.newPage()
})

async function upload(): Promise<string> {
  const create = { width: 640, height: 480, channels: 3 as const, background: '#a33' }
  const buffer = await sharp({ create }).jpeg().toBuffer()
  const day = '2024-05-05T10:00:00.000Z'
  const multipart = {
    fileCreatedAt: day,
    fileModifiedAt: day,
    assetData: { name: 'letter.jpg', mimeType: 'image/jpeg', buffer },
  }
  const { id } = (await (await profile.request.post(`${url}/api/assets`, { multipart })).json()) as {
    id: string
  }
  return id
}

/** What axe finds wrong on the page as it is, in the light of day and by night. */
async function barriers(): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const violations = await page.evaluate(
      `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
    )
    found.push(...(violations as string[]))
  }
  return found
}

const tile = () => page.getByRole('button', { name: /^Photo, .*May 2024/ })

test('a photo goes from the timeline into the locked folder, which asks for a new PIN first', async () => {
  await page.goto(`${url}/photos/${photo}`)
  await page.getByRole('button', { name: 'Move to the locked folder' }).click()
  await page.getByText('Moved to the locked folder.').waitFor()
  await page.goto(`${url}/photos`)
  await page.getByText('No photos yet').waitFor()

  await page.goto(`${url}/locked`)
  await page.getByLabel('New PIN').fill('123456')
  expect(await barriers()).toEqual([])
  await page.keyboard.press('Enter')
  await tile().waitFor()
  expect(await barriers()).toEqual([])
})

test('locked again, the page shows nothing until the PIN is right', async () => {
  await page.getByRole('button', { name: 'Lock', exact: true }).click()
  await page.waitForURL(`${url}/photos`)
  await page.getByRole('button', { name: /^Account: / }).click()
  await page.getByRole('menuitem', { name: 'Locked folder' }).click()
  await page.getByLabel('PIN').fill('654321')
  await page.keyboard.press('Enter')
  await page.getByText('Wrong PIN code').waitFor()
  expect(await tile().count()).toBe(0)
  await page.getByLabel('PIN').fill('123456')
  await page.keyboard.press('Enter')
  await tile().waitFor()
})

test('by keyboard, a photo is looked at and taken out, and is back among the others', async () => {
  await tile().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('img', { name: 'Photo' }).waitFor()
  expect(await barriers()).toEqual([])
  await page.getByRole('button', { name: 'Move out of the folder' }).press('Enter')
  await page.getByText('Nothing is in here.').waitFor()
  await page.goto(`${url}/photos`)
  await page.getByRole('link', { name: /^Photo, .*May 2024/ }).waitFor()
})

test('on a phone as well nothing sticks out', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  await page.goto(`${url}/locked`)
  await page.getByRole('heading', { name: 'Locked folder' }).waitFor()
  const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(wider).toBeLessThanOrEqual(0)
})
