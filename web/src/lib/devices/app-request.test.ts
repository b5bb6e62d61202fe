import { expect, test } from 'vitest'
import { appRequestIn, isForBrowser } from './app-request.ts'

const asked = { redirect_uri: 'app.immich:///oauth-callback', state: 's', code_challenge: 'c' }

test('what the app asked for is in the address, whole or not at all', () => {
  expect(appRequestIn(new URLSearchParams(asked))).toEqual({
    redirectUri: 'app.immich:///oauth-callback',
    state: 's',
    codeChallenge: 'c',
  })
  for (const name of Object.keys(asked))
    expect(appRequestIn(new URLSearchParams({ ...asked, [name]: '' }))).toBeUndefined()
})

test('an app is told from this site’s own page in a browser', () => {
  const origin = 'https://photos.example.com'
  expect(isForBrowser({ redirectUri: `${origin}/auth/login` }, origin)).toBe(true)
  expect(isForBrowser({ redirectUri: asked.redirect_uri }, origin)).toBe(false)
})
