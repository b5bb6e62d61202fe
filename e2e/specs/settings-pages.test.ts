import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveIn, people } from '../../scripts/household-people.ts'
import { openProfile } from '../stacks/browser.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import { settingsPages } from '../stacks/settings-pages.ts'
import { openStage } from '../stacks/stage.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const stage = openStage()
let url: string
let profile: BrowserContext
let page: Page

beforeAll(async () => {
  const porchlight = await startPorchlight(stage, { env: { PORCHLIGHT_TRUSTED_HEADER: 'false' } })
  url = porchlight.url
  await moveIn(url)
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  stage.atTheEnd(() => browser.close())
  profile = await openProfile(browser)
  const { email, password } = people.admin
  await profile.request.post(`${url}/api/auth/login`, { data: { email, password } })
})
beforeEach(async () => {
  page = await profile.newPage()
  return () => page.close()
})

const open = async (path: string) => {
  await page.goto(`${url}${path}`)
  await page.waitForLoadState('networkidle')
}
const stored = async () => {
  const answer = await profile.request.get(`${url}/api/system-config`)
  return (await answer.json()) as Record<string, Record<string, unknown>>
}

test('by keyboard alone, a setting is found by a word and reached', async () => {
  await open('/admin/settings')
  await page.getByRole('searchbox', { name: 'Search all settings' }).focus()
  await page.keyboard.type('style sheet')
  await page.getByRole('link', { name: /Your own style sheet/ }).waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${url}/admin/settings/theme#theme.customCss`)
  await settingsPages(page).field('Your own style sheet').waitFor()
  expect(await settingsPages(page).field('Your own style sheet').isVisible()).toBe(true)
})

test('what would change is shown before it is saved, and is in force then', async () => {
  await open('/admin/settings/server')
  const { field, save } = settingsPages(page)
  await field('Message at the door').fill('Mind the cat')
  expect(await save()).toMatch(/Message at the door[^]*empty[^]*Mind the cat/)
  await expect.poll(async () => (await stored())['server']?.['loginPageMessage']).toBe('Mind the cat')

  await page.getByRole('button', { name: /^Back to empty.*Message at the door/ }).click()
  await save()
  await expect.poll(async () => (await stored())['server']?.['loginPageMessage']).toBe('')
})

test('what the server refuses is said beside the field, and the old settings stay', async () => {
  await open('/admin/settings/trusted-header')
  const { field, save } = settingsPages(page)
  const before = await stored()
  await field('Trusted networks').fill('10.0.0.0/8\n0.0.0.0/0')
  await save()
  await page.getByText('Nothing was changed').waitFor()
  expect(await field('Trusted networks').getAttribute('aria-invalid')).toBe('true')
  expect(await stored()).toEqual(before)
})

test('a field that the environment sets is locked, and says by what', async () => {
  await open('/admin/settings/trusted-header')
  expect(await settingsPages(page).field('Sign in by trusted header').isDisabled()).toBe(true)
  await page.getByText('Set by PORCHLIGHT_TRUSTED_HEADER').waitFor()
})

test('nobody loses changes by a click on a link', async () => {
  await open('/admin/settings/server')
  await settingsPages(page).field('Message at the door').fill('Half a thought')
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.message())
    return dialog.dismiss()
  })
  await page.getByRole('link', { name: 'People' }).click()
  await expect.poll(() => asked.length).toBe(1)
  expect(await settingsPages(page).field('Message at the door').inputValue()).toBe('Half a thought')
})

test('a secret is made here, shown once with the lines for the proxy, and kept as a hash', async () => {
  await open('/admin/settings/trusted-header')
  await page.getByRole('button', { name: 'Generate a secret' }).click()
  const line = await page.getByText(/^header_up porchlight-secret /).innerText()
  const secret = /"(.+)"/.exec(line)?.[1] ?? ''
  expect(await settingsPages(page).save()).not.toContain(secret)
  await page.getByRole('button', { name: 'Keep the new settings' }).click()
  await settingsPages(page).trial().waitFor({ state: 'detached' })
  expect((await stored())['trustedHeader']?.['secret']).toMatchObject({
    values: [expect.stringMatching(/^sha256:[\da-f]{64}$/)],
  })
  await open('/admin/settings/trusted-header')
  expect(await page.content()).not.toContain(secret)
})

test('settings leave as YAML and come back: what would change is shown, what has no such name is told', async () => {
  await open('/admin/settings/import')
  const exported = page.getByLabel('The settings as text')
  expect(await exported.innerText()).toMatch(/secret:\n\s+values:\n\s+- "sha256:/)

  await page.getByLabel('Or its text').fill('trash:\n  enabled: false\n  colour: green\n')
  await page.getByRole('button', { name: 'Show what would change' }).click()
  await page.getByText('trash.colour: no setting has this name').waitFor()
  expect(await settingsPages(page).save()).toContain('Trash first')
  await expect.poll(async () => (await stored())['trash']?.['enabled']).toBe(false)
})

const paths = [
  ...['', '/trusted-header', '/password-login', '/server', '/theme', '/trash', '/audit', '/import'].map(
    (path) => `/admin/settings${path}`,
  ),
  '/admin/settings/sign-in-check',
  '/admin/welcome',
]

describe.each([390, 1440])('%i pixels wide', (width) => {
  test.each(paths)('%s has nothing that shuts people out, by day and by night, and fits', async (path) => {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await open(path)
      await page.evaluate(`document.querySelectorAll('details').forEach((fold) => (fold.open = true))`)
      await page.evaluate(axe)
      const found = await page.evaluate<{ id: string; impact: string }[]>(
        `axe.run(document).then(({ violations }) => violations.map(({ id, impact }) => ({ id, impact })))`,
      )
      expect(found).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    }
  })
})
