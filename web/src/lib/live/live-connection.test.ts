import { describe, expect, it, vi } from 'vitest'
import { createLiveConnection } from './live-connection.ts'

function connection() {
  const heard = new Map<string, (payload: unknown) => void>()
  const socket = {
    on: (event: string, listener: (payload: unknown) => void) => void heard.set(event, listener),
    connect: vi.fn<() => void>(),
    disconnect: vi.fn<() => void>(),
  }
  const news = vi.fn<(ids: readonly string[]) => void>()
  const doubt = vi.fn<() => Promise<void>>(async () => undefined)
  const sessionEnded = vi.fn<() => void>()
  const later = vi.fn<(run: () => void, milliseconds: number) => void>((run) => run())
  const open = vi.fn<() => Promise<typeof socket>>(async () => socket)
  const live = createLiveConnection({ open, news, doubt, sessionEnded, later })
  const says = (event: string, payload?: unknown): void => heard.get(event)?.(payload)
  return { live, socket, open, news, doubt, sessionEnded, later, says }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('the open line to the server', () => {
  it('is opened once', async () => {
    const { live, socket, open } = connection()
    await Promise.all([live.start(), live.start()])
    expect(open).toHaveBeenCalledTimes(1)
    expect(socket.connect).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['on_upload_success', { id: 'a' }, ['a']],
    ['on_asset_update', { id: 'a' }, ['a']],
    ['on_asset_trash', ['a', 'b'], ['a', 'b']],
    ['on_asset_restore', ['a'], ['a']],
    ['on_asset_delete', 'a', ['a']],
    ['on_asset_hidden', 'a', ['a']],
    ['on_asset_delete', null, []],
  ])('brings the news of %s', async (event, payload, ids) => {
    const { live, news, says } = connection()
    await live.start()
    says(event, payload)
    expect(news).toHaveBeenCalledWith(ids)
  })

  it('brings the news that may have been missed when it was broken for a while', async () => {
    const { live, news, says } = connection()
    await live.start()
    says('connect')
    expect(news).not.toHaveBeenCalled()
    says('connect')
    expect(news).toHaveBeenCalledWith([])
  })

  it.each(['connect_error', 'disconnect'])(
    'asks who is here on %s, one question at a time',
    async (event) => {
      const { live, doubt, says } = connection()
      await live.start()
      says(event, 'transport close')
      says(event, 'transport close')
      expect(doubt).toHaveBeenCalledTimes(1)
      await settled()
      says(event, 'transport close')
      expect(doubt).toHaveBeenCalledTimes(2)
    },
  )

  it('calls again when the server hung up, which the library does not do by itself', async () => {
    const { live, socket, says } = connection()
    await live.start()
    says('disconnect', 'io server disconnect')
    await settled()
    expect(socket.connect).toHaveBeenCalledTimes(2)
    says('disconnect', 'transport close')
    await settled()
    expect(socket.connect).toHaveBeenCalledTimes(2)
  })

  it('says that the session is over, and asks nothing after that', async () => {
    const { live, sessionEnded, doubt, socket, says } = connection()
    await live.start()
    says('on_session_delete', 'some-session')
    says('disconnect', 'io server disconnect')
    says('connect_error')
    await settled()
    expect(sessionEnded).toHaveBeenCalledTimes(1)
    expect(doubt).not.toHaveBeenCalled()
    expect(socket.connect).toHaveBeenCalledTimes(1)
  })

  it('is silent about a sign-out of our own', async () => {
    const { live, sessionEnded, says } = connection()
    await live.start()
    live.stop()
    says('on_session_delete', 'some-session')
    expect(sessionEnded).not.toHaveBeenCalled()
  })

  it('goes on after a sign-out that did not happen', async () => {
    const { live, socket, doubt, says } = connection()
    await live.start()
    live.stop()
    await live.start()
    expect(socket.connect).toHaveBeenCalledTimes(2)
    says('disconnect', 'transport close')
    expect(doubt).toHaveBeenCalledTimes(1)
  })

  it('does without when the library cannot be fetched, and tries again when asked', async () => {
    const { live, open } = connection()
    open.mockRejectedValueOnce(new Error('offline'))
    await live.start()
    await live.start()
    expect(open).toHaveBeenCalledTimes(2)
  })
})
