import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { moveIn } from '../../scripts/household-people.ts'
import type { HouseholdMember } from '../../scripts/household-people.ts'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { freePort } from '../stacks/free-port.ts'
import { startLemonldap } from '../stacks/lemonldap.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { signInAtPortal } from '../stacks/portal-sign-in.ts'
import { settingsPages } from '../stacks/settings-pages.ts'
import { openStage } from '../stacks/stage.ts'
import type { StartProxy } from '../stacks/street.ts'
import type { Proxy } from '../stacks/caddy.ts'

type Document = {
  trustedHeader: { enabled: boolean; networks: string[]; adminGroup: string; autoRegister: boolean }
}

/** An admin who came by the header alone changes what lets her in, in a real browser behind a real proxy. In this order. */
export function settingsOnTrialBehind(startProxy: StartProxy): void {
  const stage = openStage()
  let porchlight: Porchlight
  let proxy: Proxy
  let admin: HouseholdMember
  let profile: BrowserContext
  let page: Page

  beforeAll(async () => {
    const domain = 'photos.test'
    const names = { domain, app: `app.${domain}`, auth: `auth.${domain}`, port: await freePort() }
    const portal = await startLemonldap(stage, names)
    porchlight = await startPorchlight(stage)
    proxy = await startProxy(stage, { names, portal, porchlight })
    admin = (await moveIn(porchlight.url)).admin
    await change({ enabled: true, networks: ['127.0.0.1/32'] })
    profile = await openProfile(await startBrowser(stage, names))
    page = await profile.newPage()
    await page.goto(`${proxy.appUrl}/admin/settings/trusted-header`)
    await signInAtPortal(page, 'admin')
    await settingsPages(page).field('Trusted networks').waitFor()
  })

  test('she is told before she saves that it would lock her out', async () => {
    const { field, save } = settingsPages(page)
    await field('Trusted networks').fill('10.9.9.9/32')
    expect(await save()).toContain('You would be locked out')
  })

  test('networks that leave her proxy out are taken back after a minute, and the page says so', async () => {
    await page.getByText('The new sign-in settings do not let you in.').waitFor()
    expect(await networks()).toEqual(['10.9.9.9/32'])
    await page.getByText('The old sign-in settings are in force again.').waitFor({ timeout: 75_000 })
    expect(await networks()).toEqual(['127.0.0.1/32'])
  })

  test('she is let in again, without having done anything', async () => {
    await page.getByRole('button', { name: 'To the settings' }).click()
    const { field } = settingsPages(page)
    await expect.poll(() => field('Trusted networks').inputValue()).toBe('127.0.0.1/32')
  })

  test('a good change counts down, also on another page and after a reload, until she keeps it', async () => {
    const { field, save, trial } = settingsPages(page)
    await field('Make accounts for newcomers').click()
    await save()
    await page.getByText('The new sign-in settings let you in.').waitFor()
    await page.goto(`${proxy.appUrl}/admin/users`)
    await trial().waitFor()
    await page.getByRole('button', { name: 'Keep the new settings' }).click()
    await expect.poll(() => trial().count()).toBe(0)
  })

  test('what she kept is there after the server was killed and started again', async () => {
    await porchlight.stop('SIGKILL')
    const { dataDir } = porchlight
    porchlight = await startPorchlight(stage, { dataDir, name: 'porchlight-again' })
    const { data } = await settingsAt(porchlight.url)
    expect(data.trustedHeader).toMatchObject({ autoRegister: false, networks: ['127.0.0.1/32'] })
  })

  async function settingsAt(url: string): Promise<{ data: Document }> {
    const answer = await fetch(`${url}/api/system-config`, { headers: { 'x-api-key': admin.apiKey } })
    return { data: (await answer.json()) as Document }
  }

  const networks = async () => (await settingsAt(porchlight.url)).data.trustedHeader.networks

  async function change(section: Partial<Document['trustedHeader']>): Promise<void> {
    const { data } = await settingsAt(porchlight.url)
    const body = JSON.stringify({ ...data, trustedHeader: { ...data.trustedHeader, ...section } })
    const headers = { 'x-api-key': admin.apiKey, 'Content-Type': 'application/json' }
    const answer = await fetch(`${porchlight.url}/api/system-config`, { method: 'PUT', headers, body })
    if (!answer.ok) throw new Error(await answer.text())
  }
}
