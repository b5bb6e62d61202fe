import { ApiProblem, messageOf } from '../api/api-problem.ts'
import type { TimelineAsset } from '../timeline/timeline-asset.ts'
import type { SharedLinkResponseDto } from './shared-link-types.ts'
import { createVisitApi } from './visit-api.ts'
import type { LinkName } from './visit-api.ts'

/** What there is to see for somebody who opened a link. */
export function createVisit(name: LinkName) {
  const api = createVisitApi(name, { fetch: (...request) => fetch(...request) })
  let status = $state<'loading' | 'locked' | 'gone' | 'failed' | 'open'>('loading')
  let link = $state.raw<SharedLinkResponseDto>()
  let photos = $state.raw<readonly TimelineAsset[]>([])
  let problem = $state<string>()
  let uploading = $state<{ done: number; files: number }>()

  async function open(): Promise<void> {
    try {
      await show(await api.link())
    } catch (thrown) {
      turnedAway(thrown)
    }
  }

  async function show(found: SharedLinkResponseDto): Promise<void> {
    photos = await api.photos(found)
    link = found
    status = 'open'
    problem = undefined
  }

  function turnedAway(thrown: unknown): void {
    const refused = thrown instanceof ApiProblem && thrown.kind === 'refused'
    if (refused && thrown.message === 'Password required') status = 'locked'
    else if (refused && thrown.status === 401) status = 'gone'
    else {
      status = 'failed'
      problem = messageOf(thrown)
    }
  }

  return {
    api,
    open,
    get status() {
      return status
    },
    get link() {
      return link
    },
    get photos() {
      return photos
    },
    get problem() {
      return problem
    },
    get uploading() {
      return uploading
    },
    async givePassword(password: string): Promise<void> {
      try {
        await show(await api.givePassword(password))
      } catch (thrown) {
        problem = messageOf(thrown)
      }
    },
    /** One after another; the first that fails is told, and the rest goes on. */
    async upload(files: readonly File[]): Promise<void> {
      problem = undefined
      uploading = { done: 0, files: files.length }
      for (const file of files) {
        await api.upload(file).catch((thrown: unknown) => (problem ??= `${file.name}: ${messageOf(thrown)}`))
        uploading = { done: uploading.done + 1, files: files.length }
      }
      uploading = undefined
      const told = problem
      await open()
      problem = told
    },
  }
}
