import { describe, expect, it, vi } from 'vitest'
import { createSendFile, readAnswer } from './send-file.ts'

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

/** As much of a browser's request as an upload needs; it answers at once. */
function requestThatAnswers(status: number, body: unknown, identity: string) {
  const listeners = new Map<string, () => void>()
  const sent = { headers: {} as Record<string, string>, times: 0 }
  const request = {
    status,
    responseText: JSON.stringify(body),
    upload: { addEventListener: () => undefined },
    open: () => undefined,
    setRequestHeader: (name: string, value: string) => void (sent.headers[name] = value),
    getResponseHeader: () => identity,
    addEventListener: (name: string, heard: () => void) => void listeners.set(name, heard),
    send() {
      sent.times++
      listeners.get('load')?.()
    },
  }
  return { request: request as unknown as XMLHttpRequest, sent }
}

function sending({ status, body, isOver = false, same = true }: Record<string, unknown>) {
  const { request, sent } = requestThatAnswers(status as number, body, 'someone')
  const onIdentityChanged = vi.fn<() => void>()
  const send = createSendFile({
    identity: { isOver: () => isOver as boolean, look: () => same as boolean, speaksFor: () => 'gran' },
    onIdentityChanged,
    newRequest: () => request,
  })
  const file = new File(['picture'], 'a.jpg', { lastModified: 0 })
  const outcome = Promise.race([
    send(file, () => undefined).catch((thrown: unknown) => thrown),
    new Promise((resolve) => setTimeout(resolve, 20, 'still waiting')),
  ])
  return { outcome, sent, onIdentityChanged }
}

describe('an upload', () => {
  it('says whose it is, and arrives', async () => {
    const { outcome, sent } = sending({ status: 201, body: { id: 'a', status: 'created' } })
    expect(await outcome).toEqual({ id: 'a', status: 'created' })
    expect(sent.headers).toMatchObject({ 'X-Porchlight-Identity': 'gran' })
  })

  it('is not sent once somebody else is here', async () => {
    const { outcome, sent } = sending({ isOver: true })
    expect(await outcome).toBe('still waiting')
    expect(sent.times).toBe(0)
  })

  it('makes the page start over when the server says that somebody else is here', async () => {
    const answer = { status: 401, body: { message: 'no', code: 'identity_changed' } }
    const { outcome, onIdentityChanged } = sending(answer)
    expect(await outcome).toBe('still waiting')
    expect(onIdentityChanged).toHaveBeenCalledTimes(1)
    expect(await sending({ ...answer, same: false }).outcome).toBe('still waiting')
  })
})
