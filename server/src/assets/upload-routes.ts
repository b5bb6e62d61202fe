import fastifyMultipart from '@fastify/multipart'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { alsoByLink, signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import type { FileKeeper } from '../storage/file-keeper.ts'
import type { MediaStorage } from '../storage/storage.ts'
import { userOf } from '../users/caller.ts'
import type { User } from '../users/users.ts'
import { visitOf } from '../users/visit.ts'
import { bulkUploadCheckBody, bulkUploadCheckResponse, uploadResponse } from './asset-wire.ts'
import type { Asset, Assets } from './assets.ts'
import { createUpload } from './upload-asset.ts'
import { readUploadForm } from './upload-form.ts'
import { stopAboveQuota } from './upload-quota.ts'
import { uploadByVisitor } from './visitor-upload.ts'
import { checksumInHex } from './wire-fields.ts'

type Ports = { assets: Assets; storage: MediaStorage; files: FileKeeper }

const tags = ['assets']
const limits = { fields: 100, fieldSize: 1024 * 1024, files: 10, parts: 110, fileSize: Infinity }

/** How files come in. */
export function uploadRoutes(app: HttpServer, ports: Ports): void {
  const { assets, storage, files } = ports
  const upload = createUpload({ assets, storage, files })

  // In a scope of its own: no other route reads multipart bodies.
  void app.register(async (plain) => {
    await plain.register(fastifyMultipart, { limits })
    const scope = plain.withTypeProvider<ZodTypeProvider>()
    scope.post(
      '/api/assets',
      {
        config: { access: alsoByLink('asset.upload') },
        schema: {
          tags,
          consumes: ['multipart/form-data'],
          response: { 200: uploadResponse, 201: uploadResponse },
        },
      },
      async (request, reply) => {
        const visit = visitOf(request)
        if (visit) {
          const uploaded = await uploadByVisitor(request, visit, ports)
          return reply.status(201).send(uploaded)
        }
        const user = userOf(request)
        const known = await knownByHeader(assets, user, request.headers['x-immich-checksum'])
        if (known) return reply.status(200).send({ id: known.id, status: 'duplicate' as const })
        const form = await readUploadForm(request, { storage, onBytes: stopAboveQuota(user) })
        const uploaded = await upload(user.id, form)
        return reply.status(uploaded.status === 'created' ? 201 : 200).send(uploaded)
      },
    )
  })

  app.post(
    '/api/assets/bulk-upload-check',
    {
      config: { access: signedIn('asset.upload') },
      schema: { tags, body: bulkUploadCheckBody, response: { 200: bulkUploadCheckResponse } },
    },
    async (request, reply) => {
      const asked = request.body.assets.map(({ id, checksum }) => ({ id, checksum: checksumInHex(checksum) }))
      const checksums = asked.map(({ checksum }) => checksum).filter((checksum) => checksum !== undefined)
      const found = await assets.byChecksums(userOf(request).id, checksums)
      const known = new Map(found.map((asset) => [asset.checksum, asset]))
      const results = asked.map(({ id, checksum }) => verdictOn(id, known.get(checksum ?? '')))
      return reply.status(200).send({ results })
    },
  )
}

const verdictOn = (id: string, known: Asset | undefined) =>
  known
    ? {
        id,
        action: 'reject' as const,
        reason: 'duplicate' as const,
        assetId: known.id,
        isTrashed: known.deletedAt !== null,
      }
    : { id, action: 'accept' as const }

/** A client that knows the checksum beforehand need not send the file at all. */
async function knownByHeader(assets: Assets, { id }: User, header: string | string[] | undefined) {
  const checksum = checksumInHex(String(header))
  if (checksum === undefined) return undefined
  const [known] = await assets.byChecksums(id, [checksum])
  return known
}
