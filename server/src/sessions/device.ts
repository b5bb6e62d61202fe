import { parse } from 'bowser'

/** What a User-Agent header says about a device, for the list of sessions. Never for a decision. */
export type Device = { type: string; os: string; appVersion: string | null }

/** Reads a User-Agent header; an unknown one gives empty texts, as Immich's clients expect. */
export function deviceOf(userAgent: string | undefined): Device {
  const text = (userAgent ?? '').slice(0, 512)
  const app = /^immich-(?:android|ios|unknown)\/([\w.+-]{1,32})/i.exec(text)
  const found = text === '' ? undefined : parse(text)
  return {
    type: found?.browser.name ?? '',
    os: found?.os.name ?? '',
    appVersion: app?.[1] ?? null,
  }
}
