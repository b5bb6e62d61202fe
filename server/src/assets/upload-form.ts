import type { FastifyRequest } from 'fastify'
import { extensionOf, mediaTypeOf, type MediaType } from '../media/media.ts'
import { badRequest, Problem } from '../platform/problem.ts'
import type { MediaStorage, ReceivedFile } from '../storage/storage.ts'

/** What an upload brought. The file is on the side of the storage: to be placed or discarded by whoever asked. */
export type UploadForm = { fields: Record<string, string>; file?: { name: string; received: ReceivedFile } }

type Ports = { storage: MediaStorage; onBytes: (total: number) => void }

/**
 * Reads a multipart upload with its parts in any order, the file straight to the disk. A sidecar is read and dropped.
 * Whatever goes wrong, nothing is left behind.
 */
export async function readUploadForm(
  request: FastifyRequest,
  { storage, onBytes }: Ports,
): Promise<UploadForm> {
  if (!request.isMultipart()) throw badRequest('Expected multipart/form-data')
  const form: UploadForm = { fields: {} }
  try {
    const parts = request.parts()[Symbol.asyncIterator]()
    for (let part = await nextPart(parts); part !== undefined; part = await nextPart(parts)) {
      if (part.type === 'field') form.fields[part.fieldname] = String(part.value)
      else if (part.fieldname !== 'assetData' || form.file) part.file.resume()
      else {
        refuseEarly(form.fields['filename'], part.filename)
        form.file = { name: part.filename, received: await storage.receive(part.file, { onBytes }) }
      }
    }
    return form
  } catch (error) {
    await discardUpload(form, storage)
    // What is still coming is read to its end: a client that is cut off while it sends never sees the answer.
    request.raw.resume()
    throw error
  }
}

export async function discardUpload({ file }: UploadForm, storage: MediaStorage): Promise<void> {
  if (file) await storage.discard(file.received.path)
}

/** A body that is not what multipart should be is the client's mistake, not ours. */
async function nextPart<T>(parts: AsyncIterator<T, unknown>): Promise<T | undefined> {
  try {
    const { value, done } = await parts.next()
    return done ? undefined : value
  } catch (error) {
    throw new Problem(400, error instanceof Error ? error.message : 'Malformed multipart body', {
      cause: error,
    })
  }
}

/** Before the bytes come, where the name says enough; the name may also follow as a field of its own. */
function refuseEarly(fieldName: string | undefined, partName: string): void {
  if (fieldName === undefined && extensionOf(partName) === '') return
  supportedType(fieldName ?? partName)
}

/** @throws {Problem} 400 for a name that is neither a picture's nor a video's */
export function supportedType(name: string): MediaType {
  const mediaType = mediaTypeOf(name)
  if (!mediaType) throw badRequest(`Unsupported file type ${name}`)
  return mediaType
}
