import fastifyMultipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { signedIn } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest, notFound, Problem } from '../platform/problem.ts'
import { sendFile } from '../storage/file-reply.ts'
import type { MediaStorage, ReceivedFile } from '../storage/storage.ts'
import { userOf } from '../users/caller.ts'
import type { Users } from '../users/users.ts'
import type { ProfilePictures } from './profile-pictures.ts'

type Ports = {
  pictures: ProfilePictures
  storage: MediaStorage
  users: Users
  /** Whether members see each other. */
  peopleAreVisible(): Promise<boolean>
}

const tags = ['users']
const mostBytes = 20 * 1024 * 1024
const limits = { fields: 10, fieldSize: 1024, files: 2, parts: 12, fileSize: Infinity }

const profileImageResponse = z
  .object({ userId: z.string(), profileImagePath: z.string(), profileChangedAt: z.string() })
  .meta({ id: 'CreateProfileImageResponseDto' })

/** The pictures of people, as Immich's clients set and show them. */
export function profilePictureRoutes(app: HttpServer, ports: Ports): void {
  const { pictures, storage, users, peopleAreVisible } = ports

  // In a scope of its own: no other route reads multipart bodies.
  void app.register(async (plain) => {
    await plain.register(fastifyMultipart, { limits })
    plain.withTypeProvider<ZodTypeProvider>().post(
      '/api/users/profile-image',
      {
        config: { access: signedIn('userProfileImage.update') },
        schema: { tags, consumes: ['multipart/form-data'], response: { 201: profileImageResponse } },
      },
      async (request, reply) => {
        const { id } = userOf(request)
        const received = await receivePicture(request, storage)
        const set = await pictures.set(id, received.path)
        if (!set) throw badRequest('User not found')
        return reply
          .status(201)
          .send({ userId: id, profileImagePath: set.key, profileChangedAt: set.changedAt })
      },
    )
  })

  app.delete(
    '/api/users/profile-image',
    { config: { access: signedIn('userProfileImage.delete') }, schema: { tags } },
    async (request, reply) => {
      const { id, pictureKey } = userOf(request)
      if (pictureKey === null) throw badRequest("Can't delete a missing profile Image")
      await pictures.remove(id)
      return reply.status(204).send()
    },
  )

  app.route({
    method: ['GET', 'HEAD'],
    url: '/api/users/:id/profile-image',
    config: { access: signedIn('userProfileImage.read') },
    schema: { tags, params: z.object({ id: z.uuid() }) },
    handler: async (request, reply) => {
      const caller = userOf(request)
      const user = await users.byId(request.params.id)
      const sees = caller.isAdmin || user?.id === caller.id || (await peopleAreVisible())
      const key = sees && user?.deletedAt === null ? user.pictureKey : null
      const file = key === null ? undefined : await pictures.open(key)
      // Immich's clients expect this for whatever goes wrong here.
      if (!user || !file) throw notFound('Not Found')
      return sendFile(request, reply, { file, mimeType: 'image/webp', etag: file.tag, name: 'profile.webp' })
    },
  })
}

/** @throws {Problem} 400 for a body that holds no file, or one that is too large */
async function receivePicture(request: FastifyRequest, storage: MediaStorage): Promise<ReceivedFile> {
  if (!request.isMultipart()) throw badRequest('Expected multipart/form-data')
  let received: ReceivedFile | undefined
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') continue
      if (part.fieldname !== 'file' || received) part.file.resume()
      else received = await storage.receive(part.file, { onBytes: stopAbove(mostBytes) })
    }
  } catch (error) {
    if (received) await storage.discard(received.path)
    // What is still coming is read to its end: a client that is cut off while it sends never sees the answer.
    request.raw.resume()
    if (error instanceof Problem) throw error
    throw badRequest(error instanceof Error ? error.message : 'Malformed multipart body')
  }
  if (!received) throw badRequest('The form has no file')
  return received
}

const stopAbove = (most: number) => (total: number) => {
  if (total > most) throw badRequest(`The picture is larger than ${most / 1024 / 1024} MB`)
}
