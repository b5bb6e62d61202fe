import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { connect } from 'node:tls'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'
import type { PublicNames } from './lemonldap.ts'
import type { Stage } from './stage.ts'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * A real Chromium for which every name of the domain is 127.0.0.1, whatever DNS says. It trusts the certificates that
 * the proxy shows, where ignoring all errors would be simpler: a browser that ignores them caches nothing, and what a
 * signed-out browser still keeps is one of the questions.
 */
export async function startBrowser(stage: Stage, names: PublicNames): Promise<Browser> {
  const executablePath = chromiumPath()
  const trusted = await Promise.all([names.app, names.auth].map((host) => publicKeyHash(host, names.port)))
  const browser = await chromium.launch({
    executablePath,
    args: [
      `--host-resolver-rules=MAP *.${names.domain} 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${trusted.join(',')}`,
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

/** Where Chromium is. @throws when it is nowhere */
export function chromiumPath(): string {
  const found = places.find((place) => existsSync(place))
  if (found === undefined) throw new Error('no Chromium found')
  return found
}

/** A fresh profile, as a person's own browser. */
export async function openProfile(browser: Browser): Promise<BrowserContext> {
  const profile = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })
  profile.setDefaultTimeout(15_000)
  return profile
}

/** The SHA-256 of the key in the certificate that is shown for this host, as Chromium wants it. */
function publicKeyHash(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: host, rejectUnauthorized: false })
    socket.once('error', reject).once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate()
      socket.end()
      const key = certificate?.publicKey.export({ type: 'spki', format: 'der' }) ?? ''
      resolve(createHash('sha256').update(key).digest('base64'))
    })
  })
}
