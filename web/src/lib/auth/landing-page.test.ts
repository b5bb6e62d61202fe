import { expect, it } from 'vitest'
import { continuePath } from './continue-path.ts'
import { landingPage } from './landing-page.ts'

it('remembers the deep link on the way to the sign-in page', () => {
  const page = landingPage({ signIn: 'form' }, new URL('https://photos.example/photos/7a?x=1'))
  expect(page).toBe('/auth/login?continue=%2Fphotos%2F7a%3Fx%3D1')
  expect(continuePath(new URL(page, 'https://photos.example').searchParams.get('continue'))).toBe(
    '/photos/7a?x=1',
  )
})

it('leads to the welcome page where nobody lives yet', () => {
  expect(landingPage({ signIn: 'first-admin' }, new URL('https://photos.example/photos'))).toBe(
    '/auth/register',
  )
})
