import { parse } from 'bowser'

/** What a User-Agent header says about a device, for the list of sessions. Never for a decision. */
export type Device = { type: string; os: string; appVersion: string | null }

/** Programs may call themselves anything; the list of sessions stays readable. */
const longestName = 32

/** Reads a User-Agent header; an unknown one gives empty texts, as Immich's clients expect. */
export function deviceOf(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, 512)
  const app = /^immich-(?:android|ios|unknown)\/([\w.+-]{1,32})/i.exec(text)
  const found = text === '' ? undefined : parse(text)
  const browser = found?.browser.name ?? ''
  return {
    // The app runs in no browser, whatever the rest of its header looks like.
    type: app ? 'Immich app' : browser.slice(0, longestName),
    os: (found?.os.name ?? '').slice(0, longestName),
    appVersion: app?.[1] ?? null,
  }
}
