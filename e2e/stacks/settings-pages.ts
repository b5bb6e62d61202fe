import type { Locator, Page } from 'playwright-core'

/** The settings pages of the admin, as a person uses them. */
export const settingsPages = (page: Page) => ({
  field: (label: string): Locator => page.getByLabel(label, { exact: true }),

  /** Opens what would change, and saves it; what the dialog said of it. */
  async save(): Promise<string> {
    await page.getByRole('button', { name: 'Review and save' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await page.getByText('Trying …').waitFor({ state: 'detached' })
    const said = await dialog.innerText()
    await dialog.getByRole('button', { name: 'Save' }).click()
    return said
  },

  trial: (): Locator => page.getByRole('region', { name: 'Sign-in settings on trial' }),
})
