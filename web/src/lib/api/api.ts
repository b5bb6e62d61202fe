import { createApiClient } from './api-client.ts'
import { forgetEverything } from './forget-everything.ts'
import { createIdentityWatch } from './identity-watch.ts'
import { createProxyChallenge } from './proxy-challenge.ts'
import { openTabChannel } from './tab-channel.ts'

/** The one place where the client meets the browser. Everything worth a test is in the files it joins. */

export const tabs = openTabChannel()

const challenge = createProxyChallenge({
  store: sessionStorage,
  now: () => Date.now(),
  reload: () => location.reload(),
})

/** A fresh page is the only memory that surely holds nothing of the person before; the guard keeps it from looping. */
async function startOver(): Promise<void> {
  await forgetEverything(globalThis)
  if (challenge.navigate() || location.pathname.startsWith('/auth/')) return
  location.replace('/auth/login?autoLaunch=0')
}

export const identity = createIdentityWatch({
  onChange: () => void startOver(),
  tell: (seen) => tabs.tell({ identity: seen }),
})

tabs.listen((message) => {
  if ('identity' in message) identity.hear(message.identity)
})

export const api = createApiClient({
  fetch: (...request) => fetch(...request),
  challenge,
  identity,
  onIdentityChanged: () => void startOver(),
})

/** Somebody is signed in: should the proxy's session end later, it may be asked again. */
export const proxyPassed = challenge.passed

/** Drops what this browser keeps of the person; the caller navigates next. */
export async function forgetPerson(): Promise<void> {
  identity.reset()
  await forgetEverything(globalThis)
}
