import { keyPurposes } from '../api-keys/key-purpose.ts'
import type { DeviceKind } from './device-api.ts'

/** The narrow one comes first and is what is chosen until said otherwise. */
export const deviceKinds: readonly { value: DeviceKind; text: string; hint: string }[] = [
  ...keyPurposes.map((purpose) =>
    purpose.value === 'everything' ? { ...purpose, text: 'Everything, by an API key' } : purpose,
  ),
  {
    value: 'device',
    text: 'Everything, as if signed in there',
    hint: 'For a TV or an app that takes a session token. It is in the list of devices, and can open what you can.',
  },
]

/** In days; empty: it has no end. */
export const lifetimes = [
  { value: '1', text: 'A day' },
  { value: '30', text: 'A month' },
  { value: '365', text: 'A year' },
  { value: '', text: 'Until I sign it out' },
] as const
