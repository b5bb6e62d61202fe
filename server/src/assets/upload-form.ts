import type { Readable } from 'node:stream'
import type { MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { extensionOf, mediaTypeOf, type MediaType } from '../media/media.ts'
import { isPlain, notPlain } from '../platform/plain-text.ts'
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
      if (part.type === 'field') form.fields[part.fieldname] = wholeValue(part)
      else if (part.fieldname !== 'assetData' || form.file) part.file.resume()
      else {
        // The parser's types do not tell that a file may come without a name.
        const { filename: name = '' } = part as { filename?: string }
        refuseEarly(form.fields['filename'], name)
        form.file = { name, received: await receive(part.file, { storage, onBytes }) }
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
    throw malformed(error)
  }
}

/** The same for a file that breaks off; what the disk says is ours. */
async function receive(file: Readable, { storage, onBytes }: Ports): Promise<ReceivedFile> {
  let broken: Error | undefined
  // The parser reports without destroying the stream, so `errored` does not know.
  file.once('error', (error: Error) => (broken = error))
  return storage.receive(file, { onBytes }).catch((error: unknown) => {
    throw error === broken ? malformed(error) : error
  })
}

const malformed = (cause: unknown) =>
  new Problem(400, cause instanceof Error ? cause.message : 'Malformed multipart body', { cause })

function wholeValue({ fieldname, value, valueTruncated }: MultipartValue): string {
  if (valueTruncated) throw badRequest(`The field ${fieldname} is too long`)
  return String(value)
}

/** Before the bytes come, where the name says enough; the name may also follow as a field of its own. */
function refuseEarly(fieldName: string | undefined, partName: string): void {
  if (fieldName === undefined && extensionOf(partName) === '') return
  supportedFile(fieldName ?? partName)
}

/**
 * The name to keep, and the type it stands for.
 *
 * @throws {Problem} 400 for a name that is neither a picture's nor a video's, or that no database can keep
 */
export function supportedFile(fullName: string): { name: string; mediaType: MediaType } {
  if (!isPlain(fullName)) throw badRequest(notPlain)
  const name = shortened(fullName)
  const mediaType = mediaTypeOf(name)
  if (!mediaType) throw badRequest(`Unsupported file type ${name}`)
  return { name, mediaType }
}

/** No file system has longer names, in UTF-16 units. A photo is not refused for its name, so it is cut. */
const longestName = 255

/** The beginning of a name that is too long, with its extension. */
function shortened(name: string): string {
  if (name.length <= longestName) return name
  const extension = extensionOf(name)
  const cut = name.slice(0, longestName - extension.length)
  // Not between the two halves of a character.
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}${name.slice(name.length - extension.length)}`
}
