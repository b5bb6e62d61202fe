import { describe, expect, it, vi } from 'vitest'
import { createUploadQueue, totalsOf } from './upload-queue.ts'
import type { SendFile, Upload } from './upload-queue.ts'
import { summaryOf } from './upload-summary.ts'

const photo = (name: string, size = 100): File => new File([new Uint8Array(size)], name)

/** A server that answers when told, so that a test can look at an upload half-way. */
function uploading(atOnce = 2) {
  const sent: string[] = []
  const open = new Map<
    string,
    {
      answer: (status: 'created' | 'duplicate') => void
      fail: (why: string) => void
      progress: (bytes: number) => void
    }
  >()
  const send: SendFile = (file, onProgress) => {
    sent.push(file.name)
    return new Promise((resolve, reject) => {
      open.set(file.name, {
        answer: (status) => resolve({ id: `id-${file.name}`, status }),
        fail: (why) => reject(new Error(why)),
        progress: onProgress,
      })
    })
  }
  let uploads: readonly Upload[] = []
  const arrived = vi.fn<(assetId: string, created: boolean) => void>()
  const queue = createUploadQueue({
    send,
    changed: (now) => {
      uploads = now
    },
    arrived,
    explain: (thrown) => (thrown as Error).message,
    atOnce,
  })
  const settle = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))
  return {
    queue,
    sent,
    open,
    arrived,
    settle,
    states: () => uploads.map(({ state }) => state),
    all: () => uploads,
  }
}

describe('uploading', () => {
  it('sends a few at a time and goes on as they end', async () => {
    const { queue, sent, open, settle, states } = uploading(2)
    queue.add(['a', 'b', 'c', 'd'].map((name) => photo(name)))
    expect(sent).toEqual(['a', 'b'])
    open.get('a')?.answer('created')
    await settle()
    expect(sent).toEqual(['a', 'b', 'c'])
    expect(states()).toEqual(['added', 'sending', 'sending', 'waiting'])
  })

  it('shows what was here already', async () => {
    const { queue, open, arrived, settle, states } = uploading()
    queue.add([photo('a')])
    open.get('a')?.answer('duplicate')
    await settle()
    expect(states()).toEqual(['duplicate'])
    expect(arrived).toHaveBeenCalledWith('id-a', false)
  })

  it('says why a file failed, goes on with the others, and sends it again only when told', async () => {
    const { queue, sent, open, settle, states, all } = uploading(1)
    queue.add([photo('notes.txt'), photo('b')])
    open.get('notes.txt')?.fail('Unsupported file type notes.txt')
    await settle()
    expect(states()).toEqual(['failed', 'sending'])
    expect(all()[0]?.problem).toBe('Unsupported file type notes.txt')
    open.get('b')?.answer('created')
    await settle()
    expect(sent).toEqual(['notes.txt', 'b'])
    queue.retry(all()[0]?.key ?? -1)
    expect(sent).toEqual(['notes.txt', 'b', 'notes.txt'])
  })

  it('puts away what has ended and keeps what has not', async () => {
    const { queue, open, settle, states } = uploading(1)
    queue.add([photo('a'), photo('b')])
    open.get('a')?.answer('created')
    await settle()
    queue.clear()
    expect(states()).toEqual(['sending'])
  })
})

describe('the sum of it', () => {
  it('counts by bytes, not by files', () => {
    const { queue, open, all } = uploading(2)
    queue.add([photo('small', 100), photo('big', 300)])
    open.get('big')?.progress(200)
    expect(totalsOf(all())).toMatchObject({ files: 2, done: 0, share: 0.5 })
    expect(totalsOf([])).toMatchObject({ files: 0, share: 0 })
  })

  it('is said in one line', () => {
    const none = { files: 0, done: 0, added: 0, duplicates: 0, failed: 0, share: 0 }
    expect(summaryOf({ ...none, files: 12, done: 2 })).toBe('Uploading 3 of 12')
    expect(summaryOf({ ...none, files: 5, done: 5, added: 1, duplicates: 3, failed: 1 })).toBe(
      '1 file added, 3 already here, 1 failed',
    )
  })
})
