import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet } from '../stacks/street.ts'
import type { StartProxy, Street } from '../stacks/street.ts'

type Link = { id: string; key: string; slug: string | null }

/** Friends without an account open what gran shared, through a real proxy whose portal would ask everybody to sign in. */
export function sharedLinksBehind(startProxy: StartProxy): void {
  const stage = openStage()
  let street: Street
  let friend: BrowserContext
  let page: Page
  let shown: string
  let secret: string
  let album: string
  const asked: string[] = []

  beforeAll(async () => {
    street = await buildStreet(stage, startProxy)
    const { api } = street.members.gran
    const [first, second] = photos
    if (!first || !second) throw new Error('the household has too few photos')
    shown = (
      await api.upload({
        name: first.name,
        takenAt: new Date(`${first.takenAt}Z`),
        bytes: await renderPhoto(first),
      })
    ).id
    secret = (
      await api.upload({
        name: second.name,
        takenAt: new Date(`${second.takenAt}Z`),
        bytes: await renderPhoto(second),
      })
    ).id
    album = (await api.post<{ id: string }>('/albums', { albumName: 'At the sea', assetIds: [shown] })).id

    friend = await openProfile(await startBrowser(stage, street.names))
    page = await friend.newPage()
    page.on('request', (request) => asked.push(request.url()))
  })

  const share = (options: object) =>
    street.members.gran.api.post<Link>('/shared-links', { type: 'ALBUM', albumId: album, ...options })
  const open = (path: string) => page.goto(`${street.proxy.appUrl}${path}`)
  const drawn = () =>
    page
      .locator('main img')
      .evaluateAll((all) => all.filter((one) => (one as { naturalWidth?: number }).naturalWidth).length)
  const seesPicture = async () => {
    await expect.poll(drawn, { timeout: 15_000 }).toBe(1)
  }
  const cookieNames = async () => (await friend.cookies()).map(({ name }) => name)

  test('a friend opens the link and sees the album, and no portal asks who is there', async () => {
    const { key } = await share({})
    const answer = await open(`/share/${key}`)
    expect(answer?.status()).toBe(200)
    await page.getByRole('heading', { name: 'At the sea' }).waitFor()
    await seesPicture()
    expect(asked.filter((url) => new URL(url).hostname === street.names.auth)).toEqual([])
    expect((await cookieNames()).filter((name) => name.startsWith('immich'))).toEqual([])
  })

  test('leafs through it large, by keyboard, and saves the original', async () => {
    await page.locator('main button').first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    const saving = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    expect((await saving).suggestedFilename()).toMatch(/\.jpg$/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('with a password the page asks for it, and a wrong one shows nothing', async () => {
    await share({ password: 'dunes', slug: 'sea' })
    await open('/s/sea')
    await page.getByLabel('Password').fill('mountains')
    await page.getByRole('button', { name: 'Show the photos' }).click()
    await page.getByText('Invalid password').waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    await page.getByLabel('Password').fill('dunes')
    await page.getByRole('button', { name: 'Show the photos' }).click()
    await seesPicture()
    await page.reload()
    await seesPicture()
  })

  test('adds a photo of her own where gran lets her', async () => {
    const { key } = await share({ allowUpload: true })
    await open(`/share/${key}`)
    await seesPicture()
    const [, , third] = photos
    const buffer = third ? await renderPhoto(third) : Buffer.alloc(0)
    await page
      .getByLabel('Choose photos and videos')
      .setInputFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer })
    await expect.poll(() => page.locator('main [data-asset]').count(), { timeout: 15_000 }).toBe(2)
  })

  test('a link that is over says so, and other photos of gran stay hers', async () => {
    const { key } = await share({ expiresAt: '2020-01-01T00:00:00.000Z' })
    const answer = await open(`/share/${key}`)
    expect(answer?.status()).toBe(404)
    await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor()

    const good = await share({})
    const tried = `fetch('/api/assets/${secret}/original?key=${good.key}').then(({ status }) => status)`
    expect(await page.evaluate(tried)).toBe(404)
  })
}
