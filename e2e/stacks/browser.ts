import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'
import type { Stage } from './stage.ts'

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
)

/** A real Chromium for which every name below `domain` is 127.0.0.1, whatever DNS says. */
export async function startBrowser(stage: Stage, domain: string): Promise<Browser> {
  if (executablePath === undefined) throw new Error('no Chromium found')
  const browser = await chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=MAP *.${domain} 127.0.0.1`,
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

/** A fresh profile, as a person's own browser. The certificates of the tests are made on the spot. */
export function openProfile(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
  })
}
