import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, jpeg, sends, upload, type Client } from './library-client.ts'
import { openSocket, type LiveClient } from './socket-client.ts'
import { people, startServer, type TestServer } from './start-server.ts'

let server: TestServer
let gran: Client
let grans: LiveClient
let annas: LiveClient

beforeAll(async () => {
  server = await startServer()
  await server.signUpAdmin()
  const person = await server.addPerson(people.gran)
  gran = { port: server.port, person }
  grans = await openSocket(server, { headers: { cookie: person.cookie } })
  annas = await openSocket(server, { headers: { cookie: (await server.addPerson(people.anna)).cookie } })
})
afterAll(async () => {
  for (const { socket } of [grans, annas]) socket.close()
  await server[Symbol.asyncDispose]()
})

test('gran’s other screens hear of her new photo once it can be shown, and of all that happens to it', async () => {
  const { id } = (await upload(gran, { name: 'a.jpg', bytes: await jpeg() })).body
  expect(await grans.hears('on_upload_success')).toMatchObject({
    id,
    originalFileName: 'a.jpg',
    thumbhash: expect.stringMatching(/./) as string,
    exifInfo: expect.anything() as unknown,
  })
  await api(gran, `/assets/${id}`, sends('PUT', { isFavorite: true }))
  expect(await grans.hears('on_asset_update')).toMatchObject({ id, isFavorite: true })
  await api(gran, '/assets', sends('DELETE', { ids: [id] }))
  expect(await grans.hears('on_asset_trash')).toEqual([id])
  await api(gran, '/trash/restore', { method: 'POST' })
  expect(await grans.hears('on_asset_restore')).toEqual([id])
  await api(gran, '/assets', sends('DELETE', { ids: [id], force: true }))
  expect(await grans.hears('on_asset_delete')).toBe(id)
})

test('anna’s screens hear nothing of gran’s photos', () => {
  expect(annas.heard.map(({ event }) => event)).toEqual(['on_server_version'])
})
