import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import { renderVideo, video } from '../../scripts/household-video.ts'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { becomesAtPortal } from '../stacks/portal-sign-in.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet, type Street } from '../stacks/street.ts'

const stage = openStage()
const routes = join(import.meta.dirname, '../../web/src/routes')

/** `(home)/photos/[id]/+page.svelte` -> `/photos/[id]` */
const pages = globSync('**/+page.svelte', { cwd: routes })
  .map((file) => `/${file.replaceAll('\\', '/').replace(/\/?\+page\.svelte$/, '')}`)
  .map((path) => path.replaceAll(/\/\([^)]+\)/g, '') || '/')
  .sort()

let street: Street
let profile: BrowserContext
let page: Page
let photo: string
let film: string
/** What a page wanted to do and was kept from: `style-src-attr /photos`. */
let violations: string[] = []

beforeAll(async () => {
  street = await buildStreet(stage, startCaddy)
  const { api } = street.members.admin
  const [garden] = photos
  photo = (await api.upload({ name: 'garden.jpg', bytes: await renderPhoto(garden), takenAt: new Date() })).id
  const bytes = (await renderVideo()) ?? Buffer.alloc(0)
  film = (await api.upload({ name: video.name, bytes, takenAt: new Date() })).id
  const browser = await startBrowser(stage, street.names)
  profile = await openProfile(browser)
  await becomesAtPortal(profile, street, 'admin')
  await profile.exposeFunction('tellViolation', (what: string) => void violations.push(what))
  await profile.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
    tellViolation(event.effectiveDirective + ' ' + location.pathname + ' ' + event.sample + event.blockedURI))`)
  page = await profile.newPage()
})
beforeEach(() => {
  violations = []
})

const settled = () => page.waitForLoadState('networkidle')

async function open(path: string): Promise<void> {
  await page.goto(street.proxy.appUrl + path)
  await settled()
}

test('a style or script that is not ours would be seen by this test', async () => {
  await open('/photos')
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>')`)
  await page.evaluate(
    `document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))`,
  )
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))`,
  )
  await expect
    .poll(() => violations.map((one) => one.split(' ')[0]))
    .toEqual(['style-src-attr', 'style-src-elem', 'script-src-elem'])
})

test.each(pages)('%s does nothing that its policy forbids', async (route) => {
  for (const path of await addressesOf(route)) {
    await open(path)
    expect({ path, title: await page.title() }).not.toEqual({
      path,
      title: expect.stringMatching(/not found/i),
    })
  }
  expect(violations).toEqual([])
})

/** A route with its parts filled in; every section of the settings, as their list names them. */
async function addressesOf(route: string): Promise<string[]> {
  const address = route.replace('[id]', photo)
  if (!address.includes('[section]')) return [address]
  const list = address.replace('/[section]', '')
  await open(list)
  const links = await page
    .locator(`a[href^="${list}/"]`)
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''))
  expect(links.length).toBeGreaterThan(2)
  return [...new Set(links)]
}

test('menus, the viewer with its notes, a playing video and an upload do nothing that is forbidden', async () => {
  await open('/photos')
  await page.getByRole('button', { name: /account/i }).click()
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).waitFor()
  await page.keyboard.press('Escape')

  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'new.jpg', mimeType: 'image/jpeg', buffer: await renderPhoto(photos[1]) })
  await page
    .getByText(/added|1 of 1/i)
    .first()
    .waitFor()

  await open(`/photos/${photo}`)
  await page.keyboard.press('i')
  await page.keyboard.press('ArrowRight')
  await settled()
  await open(`/photos/${film}`)
  await expect
    .poll(() => page.evaluate(`document.querySelector('video')?.currentTime ?? 0`), { timeout: 15_000 })
    .toBeGreaterThan(0.5)
  await page.keyboard.press('Escape')
  await settled()
  expect(violations).toEqual([])
})

test('the open line of a page works under its policy', async () => {
  const opened = page.waitForEvent('websocket')
  await open('/photos')
  const socket = await opened
  expect(socket.url()).toContain('/api/socket.io/')
  await expect.poll(() => socket.isClosed()).toBe(false)
  expect(violations).toEqual([])
})
