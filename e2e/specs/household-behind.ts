import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import type { HouseholdMember } from '../../scripts/household-people.ts'
import { renderVideo, video } from '../../scripts/household-video.ts'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import type { PortalKind } from '../stacks/portals.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet } from '../stacks/street.ts'
import type { StartProxy, Street } from '../stacks/street.ts'

/** One evening of a household on a shared browser, behind a real proxy with a real login portal. In this order. */
export function householdBehind(startProxy: StartProxy, portalKind?: PortalKind): void {
  const stage = openStage()
  let street: Street
  let profile: BrowserContext
  let page: Page
  let gransPhoto: string
  let gransVideo: string
  let annasPhoto: string

  beforeAll(async () => {
    street = await buildStreet(stage, startProxy, portalKind)
    const { gran, anna } = street.members
    gransPhoto = await uploadPhoto(gran, 'garden.jpg')
    gransVideo = await uploadVideo(gran)
    annasPhoto = await uploadPhoto(anna, 'kites.jpg')
    const browser = await startBrowser(stage, street.names)
    profile = await openProfile(browser)
    page = await profile.newPage()
  })

  test('gran follows a link to a photo, signs in at the portal only, and sees that very photo', async () => {
    await page.goto(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    await signInAtPortal('gran')
    await page.waitForURL(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    await seesPicture(gransPhoto, 'preview')
    expect(await cookieNames()).toEqual(
      expect.arrayContaining(['immich_access_token', 'immich_is_authenticated']),
    )
  })

  test('gran plays a family video', async () => {
    await page.goto(`${street.proxy.appUrl}/photos/${gransVideo}`)
    await expect.poll(secondsPlayed, { timeout: 15_000 }).toBeGreaterThan(1)
  })

  test('opening a shared link, which the portal lets pass without a name, does not end her session', async () => {
    const session = await sessionCookie()
    await page.goto(`${street.proxy.appUrl}/share/some-link`)
    await page.goto(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    await seesPicture(gransPhoto, 'preview')
    expect(await sessionCookie()).toBe(session)
  })

  test('after gran signed out, the portal has signed her out as well and her browser keeps nothing of her', async () => {
    await page.goto(`${street.proxy.appUrl}/photos`)
    await seesPicture(gransPhoto, 'thumbnail')
    expect(await isInBrowserCache(gransPhoto)).toBe(true)

    await signOut()
    await page.waitForURL(`https://${street.names.auth}:${street.names.port}/**`)
    expect((await cookieNames()).filter((name) => /immich|lemonldap(?!pdata)/.test(name))).toEqual([])

    // A public page of the same origin, in another tab, to look into its storage without signing in.
    const portal = page
    page = await profile.newPage()
    await page.goto(`${street.proxy.appUrl}/api/server/ping`)
    expect(await isInBrowserCache(gransPhoto)).toBe(false)
    expect(await keptByBrowser()).toEqual({ localStorage: [], databases: [], caches: [] })
    await page.close()
    page = portal
  })

  test('going back or reloading does not bring gran back: the portal wants to know who is there', async () => {
    await page.goBack()
    expect(await portalAsks()).toBe(true)
    await page.goto(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    expect(await portalAsks()).toBe(true)
    await page.reload()
    expect(await portalAsks()).toBe(true)
  })

  test('anna signs in at the portal next and sees only her own photos', async () => {
    await signInAtPortal('anna')
    await page.waitForURL(`${street.proxy.appUrl}/**`)
    await page.goto(`${street.proxy.appUrl}/photos`)
    await seesPicture(annasPhoto, 'thumbnail')
    expect(await pictureIds()).toEqual([annasPhoto])
    expect(await page.textContent('body')).not.toMatch(/\bGran\b|gran@/)
    expect(await inPage<{ count: number }[]>(bucketsInPage)).toMatchObject([{ count: 1 }])
  })

  test("the link to gran's photo shows anna nothing", async () => {
    await page.goto(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    await page.waitForLoadState('networkidle')
    expect(await pictureIds()).not.toContain(gransPhoto)
    const doors = ['thumbnail?size=preview', 'original', 'video/playback']
    const statuses = await Promise.all(doors.map((door) => statusInPage(`/api/assets/${gransPhoto}/${door}`)))
    expect(statuses.filter((status) => status < 400)).toEqual([])
  })

  test('when anna leaves by the portal alone and gran comes, gran gets her own photos', async () => {
    await page.goto(street.portal.leave(street.names))
    expect(await cookieNames()).toContain('immich_access_token')

    await page.goto(`${street.proxy.appUrl}/photos/${gransPhoto}`)
    await signInAtPortal('gran')
    await seesPicture(gransPhoto, 'preview')
    expect(await statusInPage(`/api/assets/${annasPhoto}/thumbnail`)).toBeGreaterThanOrEqual(400)
  })

  async function signInAtPortal(account: string): Promise<void> {
    await page.fill('input[name=user]', account)
    await page.fill('input[name=password]', account)
    await page.click('button[type=submit]')
  }

  async function signOut(): Promise<void> {
    await page.getByRole('button', { name: /account|gran/i }).click()
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
  }

  async function seesPicture(id: string, size: 'thumbnail' | 'preview'): Promise<void> {
    const picture = page.locator(`img[src*="/api/assets/${id}/thumbnail?size=${size}"]`)
    await picture.waitFor()
    await expect
      .poll(() => picture.evaluate((image: { naturalWidth?: number }) => image.naturalWidth))
      .toBeGreaterThan(0)
  }

  async function pictureIds(): Promise<string[]> {
    const sources = await page
      .locator('img')
      .evaluateAll((all) => all.map((image) => image.getAttribute('src') ?? ''))
    return sources.flatMap((source) => /\/api\/assets\/([0-9a-f-]+)\//.exec(source)?.[1] ?? [])
  }

  const cookieNames = async () =>
    (await profile.cookies()).filter(({ value }) => value !== '').map(({ name }) => name)

  const portalAsks = () =>
    page
      .locator('input[name=password]')
      .waitFor()
      .then(() => true)

  // What follows runs inside the page, so it is text: nothing here has the browser's names.
  const inPage = <T>(script: string) => page.evaluate<T>(script)

  const secondsPlayed = () => inPage<number>(`document.querySelector('video')?.currentTime ?? 0`)

  const statusInPage = (path: string) => inPage<number>(`fetch('${path}').then(({ status }) => status)`)

  const bucketsInPage = `fetch('/api/timeline/buckets?visibility=timeline').then((answer) => answer.json())`

  const sessionCookie = async () =>
    (await profile.cookies()).find(({ name }) => name === 'immich_access_token')?.value

  const isInBrowserCache = (id: string) =>
    inPage<boolean>(`fetch('/api/assets/${id}/thumbnail?size=thumbnail', { cache: 'only-if-cached', mode: 'same-origin' })
      .then(({ ok }) => ok, () => false)`)

  const keptByBrowser = () =>
    inPage(`(async () => ({
      localStorage: Object.keys(localStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      caches: await caches.keys(),
    }))()`)
}

async function uploadPhoto({ api }: HouseholdMember, name: string): Promise<string> {
  const photo = photos.find((one) => one.name === name)
  if (photo === undefined) throw new Error(`no photo is called ${name}`)
  const { id } = await api.upload({
    name,
    bytes: await renderPhoto(photo),
    takenAt: new Date(`${photo.takenAt}Z`),
  })
  return id
}

async function uploadVideo({ api }: HouseholdMember): Promise<string> {
  const bytes = await renderVideo()
  if (bytes === undefined) throw new Error('there is no ffmpeg to make a video with')
  const { id } = await api.upload({ name: video.name, bytes, takenAt: new Date(`${video.takenAt}Z`) })
  return id
}
