import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Browser, BrowserContext, Page, Response } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { photos, renderPhoto } from '../../scripts/household-photos.ts'
import { renderVideo, video } from '../../scripts/household-video.ts'
import { openProfile, startBrowser } from '../stacks/browser.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { becomesAtPortal, signInAtPortal } from '../stacks/portal-sign-in.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet, type Street } from '../stacks/street.ts'

/**
 * Gran sits at the household's computer, then Anna does. Nothing of gran may stay on a screen for two seconds after the
 * first word of the change has reached the browser, and nothing that gran's tabs still want may be done in Anna's name.
 */

const stage = openStage()
let street: Street
let browser: Browser
let gransPhoto: string
let gransVideo: string
let annasPhoto: string

beforeAll(async () => {
  street = await buildStreet(stage, startCaddy)
  const { gran, anna } = street.members
  const takenAt = new Date('2026-05-05T10:00:00Z')
  const picture = async (at: number) => renderPhoto(photos[at] ?? photos[0])
  gransPhoto = (await gran.api.upload({ name: 'garden.jpg', bytes: await picture(0), takenAt })).id
  const film = (await renderVideo()) ?? Buffer.alloc(0)
  gransVideo = (await gran.api.upload({ name: video.name, bytes: film, takenAt })).id
  annasPhoto = (await anna.api.upload({ name: 'kites.jpg', bytes: await picture(1), takenAt })).id
  browser = await startBrowser(stage, street.names)
})

const at = (path: string) => `${street.proxy.appUrl}${path}`

/** The last moment at which anything of gran was on a screen of this browser, and where. */
type Sight = { at: number; what: string }
const sights = new WeakMap<BrowserContext, Sight>()

/** A browser of its own, at whose portal somebody is signed in. */
async function browserOf(account: 'gran' | 'anna'): Promise<BrowserContext> {
  const profile = await openProfile(browser)
  stage.atTheEnd(() => profile.close())
  const sight: Sight = { at: 0, what: '' }
  sights.set(profile, sight)
  await profile.exposeFunction('seesGran', (what: string) => {
    sight.at = performance.now()
    sight.what = what
  })
  // Every page watches itself, to its very end: asked from outside, one that is about to be replaced does not answer.
  await profile.addInitScript(`setInterval(() => {
    const traces = document.body ? ${gransTraces()} : []
    if (traces.length > 0) seesGran(location.href + ': ' + traces[0])
  }, 25)`)
  await becomesAtPortal(profile, street, account)
  return profile
}

type Tab = { page: Page; sockets: { open: number; ever: number } }

async function openTab(profile: BrowserContext, path: string): Promise<Tab> {
  const page = await profile.newPage()
  const sockets = { open: 0, ever: 0 }
  page.on('websocket', (socket) => {
    sockets.open++
    sockets.ever++
    socket.on('close', () => sockets.open--)
  })
  await page.goto(at(path))
  await expect.poll(() => sockets.open, { timeout: 15_000 }).toBe(1)
  return { page, sockets }
}

// What follows runs inside the page, so it is text: nothing here has the browser's names.

/** What a person sees and hears of gran: her name, her pictures, her film, her uploads. */
const gransTraces = () => `(() => {
  const sources = [...document.querySelectorAll('img, video, source')].map((one) => one.currentSrc || one.src)
  const seen = document.body.innerText + document.title + sources.join(' ')
  return [...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel).concat(seen)
    .filter((text) => /gran|${gransPhoto}|${gransVideo}|secret-of/i.test(text))
})()`

/** Puts something of gran wherever a page can put things. */
const leaveTraces = `(async () => {
  window.secretOfGran = 'in memory'
  localStorage.setItem('secret-of-gran', '1')
  sessionStorage.setItem('secret-of-gran', '1')
  await (await caches.open('secret-of-gran')).put('/secret', new Response('gran'))
  await new Promise((resolve) => (indexedDB.open('secret-of-gran').onsuccess = ({ target }) => {
    target.result.close()
    resolve()
  }))
})()`

const keptInBrowser = (page: Page) =>
  page.evaluate(`(async () => ({
    memory: window.secretOfGran,
    localStorage: Object.keys(localStorage),
    sessionStorage: Object.keys(sessionStorage).filter((key) => /gran/i.test(key + sessionStorage[key])),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    picture: await fetch('/api/assets/${gransPhoto}/thumbnail?size=thumbnail', { cache: 'only-if-cached', mode: 'same-origin' })
      .then(({ ok }) => ok, () => false),
  }))()`)

const nothing = {
  memory: undefined,
  localStorage: [],
  sessionStorage: [],
  databases: [],
  caches: [],
  picture: false,
}

async function showsGransPhoto(page: Page): Promise<void> {
  await page.locator(`img[src*="/api/assets/${gransPhoto}/"]`).first().waitFor()
}

const showsAnnasPhoto = (page: Page) =>
  page.locator(`img[src*="/api/assets/${annasPhoto}/"]`).first().waitFor()

/** When the browser was first told of somebody else: an answer with another identity, or a refusal for that reason. */
function firstWord(profile: BrowserContext, gransIdentity: string): { at: number | undefined } {
  const word: { at: number | undefined } = { at: undefined }
  const hear = (response: Response): void => {
    const identity = response.headers()['x-porchlight-identity']
    if (identity !== undefined && identity !== gransIdentity) word.at ??= performance.now()
  }
  profile.on('response', hear)
  return word
}

const identityIn = async (page: Page) =>
  page.evaluate<string>(`fetch('/api/users/me').then(({ headers }) => headers.get('x-porchlight-identity'))`)

/** How long gran stayed on any screen of the browser after the first word of the change, in milliseconds. */
async function stayedAfter(profile: BrowserContext, word: number): Promise<number> {
  const sight = sights.get(profile)
  if (sight === undefined) throw new Error('nobody watches this browser')
  if (sight.what === '') throw new Error('the watch never saw gran')
  const quiet = 2500
  while (performance.now() - Math.max(word, sight.at) < quiet)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return sight.at - word
}

type Row = { email: string; original_file_name: string }

function library(): { owner: string; file: string }[] {
  const database = new DatabaseSync(join(street.porchlight.dataDir, 'porchlight.sqlite'), { readOnly: true })
  const rows = database
    .prepare('select email, original_file_name from assets join users on users.id = owner_id')
    .all() as Row[]
  database.close()
  return rows.map(({ email, original_file_name: file }) => ({ owner: email.split('@')[0] ?? '', file }))
}

/** As a slow line: what gran uploads takes its time. */
async function slowUploads(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.enable')
  await devTools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 60 * 1024,
  })
}

async function chooseFiles(page: Page, count: number): Promise<void> {
  const buffer = await renderPhoto(photos[2] ?? photos[0])
  const files = Array.from({ length: count }, (_, index) => ({
    name: `secret-of-gran-${index}.jpg`,
    mimeType: 'image/jpeg',
    // Each another file, with bytes behind the picture that no viewer minds.
    buffer: Buffer.concat([buffer, Buffer.alloc(40_000 + index, index)]),
  }))
  await page.locator('input[type=file]').first().setInputFiles(files)
}

/** From now on every next page takes its time, as on a bad day of the proxy: the screen may not wait for it. */
async function slowPages(page: Page): Promise<void> {
  await page.route('**', async (route) => {
    if (route.request().isNavigationRequest()) await new Promise((resolve) => setTimeout(resolve, 4000))
    await route.fallback()
  })
}

test('tabs with photos, a playing film and an upload under way: when anna is there, gran is gone from all', async () => {
  const profile = await browserOf('gran')
  const timeline = await openTab(profile, '/photos')
  const cinema = await openTab(profile, `/photos/${gransVideo}`)
  const desk = await openTab(profile, '/photos')
  const pages = [timeline.page, cinema.page, desk.page]
  await showsGransPhoto(timeline.page)
  const gransIdentity = await identityIn(timeline.page)
  await cinema.page.evaluate(`document.querySelector('video').loop = true`)
  await expect
    .poll(() => cinema.page.evaluate(`document.querySelector('video').currentTime`), { timeout: 15_000 })
    .toBeGreaterThan(0.5)
  await timeline.page.evaluate(leaveTraces)
  expect(await keptInBrowser(timeline.page)).toMatchObject({ memory: 'in memory', picture: true })
  for (const page of [cinema.page, desk.page]) await slowPages(page)
  await slowUploads(desk.page)
  await chooseFiles(desk.page, 8)
  await desk.page.getByText('secret-of-gran-0.jpg').first().waitFor()
  for (const page of pages) expect(await page.evaluate(gransTraces())).not.toEqual([])

  const word = firstWord(profile, gransIdentity)
  await becomesAtPortal(profile, street, 'anna')
  await expect.poll(() => word.at, { timeout: 60_000 }).toBeDefined()
  expect(await stayedAfter(profile, word.at ?? 0)).toBeLessThan(2000)

  await showsAnnasPhoto(timeline.page)
  expect(await keptInBrowser(timeline.page)).toEqual(nothing)
  await showsAnnasPhoto(desk.page)
  expect(library().filter(({ owner }) => owner === 'anna')).toEqual([{ owner: 'anna', file: 'kites.jpg' }])
  // Gran's lines are closed, the ones that are open now are anna's.
  for (const { sockets } of [timeline, cinema, desk]) expect(sockets.ever).toBeGreaterThan(sockets.open)
})

test('anna signs in at the portal in a third tab: gran’s idle tabs hear of it from there', async () => {
  const profile = await browserOf('gran')
  const idle = [await openTab(profile, '/photos'), await openTab(profile, `/photos/${gransPhoto}`)]
  for (const { page } of idle) await showsGransPhoto(page)
  await slowPages(idle[1]?.page as Page)
  const gransIdentity = await identityIn(idle[0]?.page as Page)

  const third = await profile.newPage()
  await third.goto(street.portal.leave(street.names))
  const word = firstWord(profile, gransIdentity)
  await third.goto(at('/photos'))
  await signInAtPortal(third, 'anna')
  await showsAnnasPhoto(third)
  expect(await stayedAfter(profile, word.at ?? 0)).toBeLessThan(2000)
  for (const { page } of idle) {
    await showsAnnasPhoto(page)
    expect(await keptInBrowser(page)).toEqual(nothing)
  }
})

test('gran’s tab, looked at again after anna took over, asks before it shows anything for long', async () => {
  const profile = await browserOf('gran')
  const { page } = await openTab(profile, '/photos')
  await showsGransPhoto(page)
  const word = firstWord(profile, await identityIn(page))
  await becomesAtPortal(profile, street, 'anna')
  await page.evaluate(`dispatchEvent(new Event('focus'))`)
  await expect.poll(() => word.at, { timeout: 15_000 }).toBeDefined()
  expect(await stayedAfter(profile, word.at ?? 0)).toBeLessThan(2000)
  await showsAnnasPhoto(page)
})

test('a page of gran’s that is gone back to shows nothing of her', async () => {
  const profile = await browserOf('gran')
  const { page } = await openTab(profile, '/photos')
  await showsGransPhoto(page)
  await page.goto(street.portal.leave(street.names))
  await becomesAtPortal(profile, street, 'anna')
  const gone = performance.now()
  await page.goBack()
  expect(await stayedAfter(profile, gone)).toBeLessThan(0)
  await showsAnnasPhoto(page)
})

test('what an old tab of gran’s sends by itself is not done in anna’s name', async () => {
  const profile = await browserOf('gran')
  const { page } = await openTab(profile, '/photos')
  const gransIdentity = await identityIn(page)
  // Anna has opened her own page in the same browser: the cookies are hers by now.
  await becomesAtPortal(profile, street, 'anna')
  await openTab(profile, '/photos')
  await showsAnnasPhoto(page)
  const answer = await page.evaluate(`fetch('/api/albums', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-porchlight-identity': '${gransIdentity}' },
    body: '{"albumName":"of gran"}',
  }).then(async (answer) => [answer.status, (await answer.json()).code])`)
  expect(answer).toEqual([401, 'identity_changed'])
  expect(await street.members.anna.api.get('/albums')).toEqual([])
})

/** Gran deletes something with another device of hers. */
async function gransPhone(path: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${street.porchlight.url}/api${path}`, {
    method: 'DELETE',
    headers: { 'x-api-key': street.members.gran.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(body) ?? null,
  })
  if (!answer.ok) throw new Error(await answer.text())
}

test('gran signs out of all her devices on one: the other closes within two seconds and waits for a click', async () => {
  const profile = await browserOf('gran')
  const kitchen = await openTab(profile, '/photos')
  await showsGransPhoto(kitchen.page)
  const start = performance.now()
  await gransPhone('/sessions')
  expect(await stayedAfter(profile, start)).toBeLessThan(2000)
  await kitchen.page.waitForURL(at('/auth/signed-out?by=elsewhere'))
  await kitchen.page.getByText('You are signed out').waitFor()
  expect(await keptInBrowser(kitchen.page)).toEqual(nothing)
  // The portal still knows her: one click, and no password.
  await kitchen.page.getByRole('button', { name: 'Sign in again' }).click()
  await showsGransPhoto(kitchen.page)
})

/** @returns when the browser asked the server for it */
async function signsOut(page: Page, how: 'Sign out' | 'Sign out on this device only'): Promise<number> {
  await page.bringToFront()
  const asked = page.waitForRequest(at('/api/auth/logout')).then(() => performance.now())
  await page.getByRole('button', { name: /account/i }).click()
  await page.getByRole('menuitem', { name: how, exact: true }).click()
  return asked
}

test('gran signs out on one device only: its other tab goes along, her other device stays', async () => {
  const profile = await browserOf('gran')
  const [here, beside] = [await openTab(profile, '/photos'), await openTab(profile, '/photos')]
  const kitchen = await openTab(await browserOf('gran'), '/photos')
  for (const { page } of [here, beside, kitchen]) await showsGransPhoto(page)
  const start = await signsOut(here.page, 'Sign out on this device only')
  expect(await stayedAfter(profile, start)).toBeLessThan(2000)
  await expect.poll(() => here.sockets.open + beside.sockets.open, { timeout: 15_000 }).toBe(0)
  expect(kitchen.sockets).toEqual({ open: 1, ever: 1 })
  await showsGransPhoto(kitchen.page)
})

test('gran signs out: her other device closes too, and waits for a click', async () => {
  const { page } = await openTab(await browserOf('gran'), '/photos')
  const elsewhere = await browserOf('gran')
  const kitchen = await openTab(elsewhere, '/photos')
  await showsGransPhoto(kitchen.page)
  const start = await signsOut(page, 'Sign out')
  expect(await stayedAfter(elsewhere, start)).toBeLessThan(2000)
  await kitchen.page.waitForURL(at('/auth/signed-out?by=elsewhere'))
})

test('gran’s photo from her phone appears on the open page by itself', async () => {
  const { page } = await openTab(await browserOf('gran'), '/photos')
  await showsGransPhoto(page)
  const bytes = await renderPhoto(photos[3] ?? photos[0])
  const { id } = await street.members.gran.api.upload({ name: 'phone.jpg', bytes, takenAt: new Date() })
  const picture = page.locator(`img[src*="/api/assets/${id}/"]`)
  await picture.waitFor()
  await gransPhone('/assets', { ids: [id], force: true })
  await expect.poll(() => picture.count(), { timeout: 15_000 }).toBe(0)
})
