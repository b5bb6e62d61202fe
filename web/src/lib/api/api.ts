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

let somebodyIsHere = false

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
  sessionEnded() {
    if (somebodyIsHere) void startOver()
    return somebodyIsHere
  },
})

/** Somebody is signed in: from now on a 401 means that the session ended, and the proxy may be asked again. */
export function personArrived(): void {
  somebodyIsHere = true
  challenge.passed()
}

/** Somebody is signing out or in of their own will: what changes now is no surprise. */
export function personLeaves(): void {
  somebodyIsHere = false
  identity.reset()
}

/** Drops what this browser keeps of the person; the caller navigates next. */
export async function forgetPerson(): Promise<void> {
  personLeaves()
  await forgetEverything(globalThis)
}
