export type UploadState = 'waiting' | 'sending' | 'added' | 'duplicate' | 'failed'

export type Upload = {
  key: number
  file: File
  state: UploadState
  /** Bytes on their way so far. */
  sent: number
  /** The asset it became. */
  assetId?: string
  problem?: string
}

export type SendFile = (
  file: File,
  onProgress: (sent: number) => void,
) => Promise<{ id: string; status: 'created' | 'duplicate' }>

type Ports = {
  send: SendFile
  changed: (uploads: readonly Upload[]) => void
  /** A file is in: `created` says whether it is new here. */
  arrived: (assetId: string, created: boolean) => void
  explain: (thrown: unknown) => string
  atOnce: number
}

export type UploadQueue = {
  add: (files: readonly File[]) => void
  /** Sends a failed file again; nothing is ever sent again by itself. */
  retry: (key: number) => void
  /** Forgets what has ended, so that the list can be put away. */
  clear: () => void
}

/** Sends files a few at a time, in the order they came; each ends added, duplicate or failed with a reason. */
export function createUploadQueue({ send, changed, arrived, explain, atOnce }: Ports): UploadQueue {
  let uploads: readonly Upload[] = []
  let nextKey = 1

  function update(key: number, patch: Partial<Upload>): void {
    uploads = uploads.map((upload) => (upload.key === key ? { ...upload, ...patch } : upload))
    changed(uploads)
  }

  function next(): void {
    const sending = uploads.filter(({ state }) => state === 'sending').length
    const waiting = uploads.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, atOnce - sending))
    for (const upload of waiting) void sendOne(upload)
  }

  async function sendOne({ key, file }: Upload): Promise<void> {
    update(key, { state: 'sending', sent: 0 })
    try {
      const answer = await send(file, (sent) => update(key, { sent }))
      const created = answer.status === 'created'
      update(key, { state: created ? 'added' : 'duplicate', sent: file.size, assetId: answer.id })
      arrived(answer.id, created)
    } catch (thrown) {
      update(key, { state: 'failed', problem: explain(thrown) })
    }
    next()
  }

  return {
    add(files) {
      uploads = [
        ...uploads,
        ...files.map((file): Upload => ({ key: nextKey++, file, state: 'waiting', sent: 0 })),
      ]
      changed(uploads)
      next()
    },
    retry(key) {
      update(key, { state: 'waiting', sent: 0 })
      next()
    },
    clear() {
      uploads = uploads.filter(({ state }) => state === 'waiting' || state === 'sending')
      changed(uploads)
    },
  }
}

export type UploadTotals = {
  files: number
  done: number
  added: number
  duplicates: number
  failed: number
  share: number
}

/** `share` is how much of all bytes is through, 0 to 1. */
export function totalsOf(uploads: readonly Upload[]): UploadTotals {
  const count = (state: UploadState): number => uploads.filter((upload) => upload.state === state).length
  const ended = ({ state }: Upload): boolean => state !== 'waiting' && state !== 'sending'
  const size = uploads.reduce((sum, { file }) => sum + file.size, 0)
  const through = uploads.reduce((sum, upload) => sum + (ended(upload) ? upload.file.size : upload.sent), 0)
  return {
    files: uploads.length,
    done: uploads.filter(ended).length,
    added: count('added'),
    duplicates: count('duplicate'),
    failed: count('failed'),
    share: size === 0 ? 0 : Math.min(1, through / size),
  }
}
