import { createApiClient } from './api-client.ts'
import { blankPage } from './blank-page.ts'
import { forgetEverything } from './forget-everything.ts'
import { createFreshStart } from './fresh-start.ts'
import { createIdentityWatch } from './identity-watch.ts'
import { createProxyChallenge } from './proxy-challenge.ts'
import { standsStill } from './stand-still.ts'
import { openTabChannel } from './tab-channel.ts'

/** The one place where the client meets the browser. Everything worth a test is in the files it joins. */

export const tabs = openTabChannel()

const challenge = createProxyChallenge({
  store: sessionStorage,
  now: () => Date.now(),
  reload: () => location.reload(),
})

let somebodyIsHere = false

const freshStart = createFreshStart({
  blank: () => blankPage(window),
  forget: () => forgetEverything(globalThis),
  challenge,
  location,
  stays: () => identity.reset(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
})

export const { startOver, goTo } = freshStart

export const identity = createIdentityWatch({
  onChange: () => void startOver(),
  tell: (seen) => tabs.tell({ identity: seen }),
})

tabs.listen((message) => {
  if ('identity' in message) identity.hear(message.identity)
})

export const api = createApiClient({
  fetch: (...request) => fetch(...request),
  challenge: { ...challenge, navigate: () => !standsStill() && challenge.navigate() },
  identity,
  onIdentityChanged: () => void startOver(),
  sessionEnded() {
    if (standsStill()) return false
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

/** A page that goes into the browser's back/forward cache shows nothing when it comes back, and is loaded anew. */
export const blankForLater = (): void => blankPage(window)
