import { ApiProblem, challenged, readProblem, unreachable } from '../api/api-problem.ts'
import type { AssetMediaResponseDto } from '../api/api-types.ts'
import type { SendFile } from './upload-queue.ts'

/**
 * One file by XMLHttpRequest, since `fetch` tells no upload progress. A proxy that wants to see the person first makes
 * it fail with a message: an upload is never sent again by itself, and reloading would end those beside it.
 */
export const sendFile: SendFile = (file, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/assets')
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest')
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(Math.min(loaded, file.size)))
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('abort', () => reject(unreachable()))
    request.addEventListener('load', () => {
      const answer = readAnswer(request.status, request.responseText)
      if ('problem' in answer) reject(answer.problem)
      else resolve(answer.asset)
    })
    request.send(formOf(file))
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
