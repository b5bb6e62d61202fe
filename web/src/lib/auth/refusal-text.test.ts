import { expect, it } from 'vitest'
import { refusalText } from './refusal-text.ts'

it('says in plain words why somebody is not let in', () => {
  expect(refusalText({ message: 'Authentication required', code: 'unknown_person' })).toContain(
    'no account here yet',
  )
})

it('passes on the server’s own words for a reason it does not know', () => {
  expect(refusalText({ message: 'Closed for the night', code: 'curfew' })).toBe('Closed for the night')
  expect(refusalText({ message: 'Closed for the night', code: undefined })).toBe('Closed for the night')
})
