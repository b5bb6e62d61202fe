import { identity, startOver } from '../api/api.ts'
import { ApiProblem, messageOf } from '../api/api-problem.ts'
import { timeline } from '../timeline/timeline.svelte.ts'
import { createSendFile } from './send-file.ts'
import { createUploadQueue, totalsOf } from './upload-queue.ts'
import type { Upload } from './upload-queue.ts'

function createUploads() {
  let list = $state.raw<readonly Upload[]>([])
  const totals = $derived(totalsOf(list))
  const fresh = new Set<string>()
  let timers: ReturnType<typeof setTimeout>[] = []

  /**
   * The month of a new picture is known once the server has read its camera's date, a little after it took the file:
   * so the timeline is read again at once and a few times later, with the months that the new ones turned up in.
   */
  function refreshSoon(): void {
    timers.forEach(clearTimeout)
    timers = [300, 3_000, 10_000, 30_000].map((delay) =>
      setTimeout(() => void timeline.refresh(fresh), delay),
    )
  }

  const queue = createUploadQueue({
    send: createSendFile({
      identity,
      onIdentityChanged: () => void startOver(),
      newRequest: () => new XMLHttpRequest(),
    }),
    changed(uploads) {
      list = uploads
    },
    arrived(id, created) {
      if (!created) return
      fresh.add(id)
      refreshSoon()
    },
    explain,
    atOnce: 3,
  })

  return {
    get list() {
      return list
    },
    get totals() {
      return totals
    },
    get running(): boolean {
      return totals.done < totals.files
    },
    add: queue.add,
    retry: queue.retry,
    clear: queue.clear,
  }
}

function explain(thrown: unknown): string {
  const away = thrown instanceof ApiProblem && thrown.kind === 'challenged'
  return away
    ? 'The front door wants to see you again: reload the page, then send it once more.'
    : messageOf(thrown)
}

export const uploads = createUploads()
