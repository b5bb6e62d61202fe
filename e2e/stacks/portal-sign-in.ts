import type { BrowserContext, Page } from 'playwright-core'
import type { PortalAccount } from './lemonldap.ts'
import { portalCookie } from './portal-cookie.ts'
import type { Street } from './street.ts'

/** Types name and password where the portal (LemonLDAP::NG) asks for them. */
export async function signInAtPortal(page: Page, account: PortalAccount): Promise<void> {
  await page.fill('input[name=user]', account)
  await page.fill('input[name=password]', account)
  await page.click('button[type=submit]')
}

/**
 * Another person is signed in at the portal from now on, in this very browser, and no page of it has been told: what
 * happens when a session of the portal ends in one tab and the next person signs in there.
 */
export async function becomesAtPortal(
  profile: BrowserContext,
  { names }: Street,
  account: PortalAccount,
): Promise<void> {
  const line = await portalCookie(names, account)
  const value = /^Cookie: lemonldap=(.*)$/.exec(line)?.[1] ?? ''
  const domain = `.${names.domain}`
  await profile.addCookies([{ name: 'lemonldap', value, domain, path: '/', secure: true, httpOnly: true }])
}
