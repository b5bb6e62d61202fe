import { X509Certificate, createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'
import type { Stage } from './stage.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export type BrowserPlan = {
  /** Every name below it is 127.0.0.1 for this browser, whatever DNS says. */
  domain: string
  /** Certificate files (PEM) that stand for a trusted chain. */
  trust: string[]
}

/**
 * A real Chromium. It really trusts the given certificates, where ignoring all errors would be simpler: a browser
 * that ignores them caches nothing, and what a signed-out browser still keeps is one of the questions.
 */
export async function startBrowser(stage: Stage, { domain, trust }: BrowserPlan): Promise<Browser> {
  const executablePath = places.find((place) => existsSync(place))
  if (executablePath === undefined) throw new Error('no Chromium found')
  const browser = await chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=MAP *.${domain} 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${trust.map(publicKeyHash).join(',')}`,
      // Tests run as root and inside containers, where Chromium's own sandbox cannot start.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
  stage.atTheEnd(() => browser.close())
  return browser
}

/** A fresh profile, as a person's own browser. */
export async function openProfile(browser: Browser): Promise<BrowserContext> {
  const profile = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  profile.setDefaultTimeout(15_000)
  return profile
}

function publicKeyHash(file: string): string {
  const key = new X509Certificate(readFileSync(file)).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}
