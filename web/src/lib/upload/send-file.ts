import { ApiProblem, challenged, readProblem, unreachable } from '../api/api-problem.ts'
import { identityHeader, type IdentityWatch } from '../api/identity-watch.ts'
import type { AssetMediaResponseDto } from '../api/api-types.ts'
import type { SendFile } from './upload-queue.ts'

type Ports = {
  identity: Pick<IdentityWatch, 'look' | 'speaksFor' | 'isOver'>
  /** The server said that another person's cookies are in this browser now. */
  onIdentityChanged: () => void
  newRequest: () => XMLHttpRequest
}

/** The page is about to go away; nothing is sent after this one. */
const forever = new Promise<never>(() => {})

/**
 * One file by XMLHttpRequest, since `fetch` tells no upload progress. A proxy that wants to see the person first makes
 * it fail with a message: an upload is never sent again by itself, and reloading would end those beside it.
 *
 * What the person before had still waiting goes to nobody: not sent from here, and refused by the server.
 */
export function createSendFile({ identity, onIdentityChanged, newRequest }: Ports): SendFile {
  return async (file, onProgress) => {
    if (identity.isOver()) return forever
    const request = newRequest()
    const done = ended(request)
    request.open('POST', '/api/assets')
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest')
    const speaksFor = identity.speaksFor()
    if (speaksFor !== undefined) request.setRequestHeader(identityHeader, speaksFor)
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(Math.min(loaded, file.size)))
    request.send(formOf(file))
    await done
    if (!identity.look(request.getResponseHeader(identityHeader))) return forever
    const answer = readAnswer(request.status, request.responseText)
    if ('asset' in answer) return answer.asset
    if (answer.problem.code !== 'identity_changed') throw answer.problem
    onIdentityChanged()
    return forever
  }
}

const ended = (request: XMLHttpRequest): Promise<void> =>
  new Promise((resolve, reject) => {
    request.addEventListener('load', () => resolve())
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('abort', () => reject(unreachable()))
  })

/** What the answer to an upload says; anything that is not Porchlight's own JSON came from in between. */
export function readAnswer(
  status: number,
  text: string,
): { asset: AssetMediaResponseDto } | { problem: ApiProblem } {
  const body = parse(text)
  if ((status === 200 || status === 201) && isAsset(body)) return { asset: body }
  const problem = readProblem(status, body)
  if (problem) return { problem }
  if (status === 413) return { problem: tooLarge }
  return { problem: status >= 500 ? unreachable(status) : challenged(status) }
}

const tooLarge = new ApiProblem('The proxy in front of Porchlight lets no file of this size through.', {
  kind: 'refused',
  status: 413,
})

function formOf(file: File): FormData {
  const modified = new Date(file.lastModified).toISOString()
  const form = new FormData()
  // The dates go first: the server reads the form as a stream.
  form.append('fileCreatedAt', modified)
  form.append('fileModifiedAt', modified)
  form.append('assetData', file)
  return form
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isAsset = (body: unknown): body is AssetMediaResponseDto =>
  typeof body === 'object' && body !== null && 'id' in body && 'status' in body
