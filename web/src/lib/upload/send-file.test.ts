import { expect, it } from 'vitest'
import { readAnswer } from './send-file.ts'

it('takes 201 for new and 200 for already here', () => {
  expect(readAnswer(201, '{"id":"a","status":"created"}')).toEqual({ asset: { id: 'a', status: 'created' } })
  expect(readAnswer(200, '{"id":"a","status":"duplicate"}')).toEqual({
    asset: { id: 'a', status: 'duplicate' },
  })
})

it('passes on the server’s reason', () => {
  expect(readAnswer(400, '{"message":"Quota has been exceeded!"}')).toMatchObject({
    problem: { kind: 'refused', message: 'Quota has been exceeded!' },
  })
})

it.each([
  [200, '<html>Log in</html>'],
  [200, '{}'],
  [401, ''],
  [401, '{}'],
])('does not take %d %s of a proxy for a picture that arrived', (status, text) => {
  expect(readAnswer(status, text)).toMatchObject({ problem: { kind: 'challenged', status } })
})

it('says that nobody answers when the proxy stands alone', () => {
  expect(readAnswer(502, '<html>Bad gateway</html>')).toMatchObject({ problem: { kind: 'unreachable' } })
})

it('says when the proxy finds a file too large', () => {
  expect(readAnswer(413, '<html>Too large</html>')).toMatchObject({
    problem: { kind: 'refused', status: 413 },
  })
})
