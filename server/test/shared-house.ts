import { peers, people, startServer, type SignedIn, type TestServer } from './start-server.ts'
import type { Answer, Call } from './http-call.ts'
import { jpeg, json, sends, untilQuiet, upload } from './library-client.ts'
import type { Clock } from '../src/platform/clock.ts'

export type Link = { id: string; key: string; slug: string | null; type: string; [field: string]: unknown }

export type SharedHouse = Awaited<ReturnType<typeof sharedHouse>>

/**
 * Gran's library: `shown` and `shownToo` are in the album that she shares, `single` is shared by itself, `secret` by
 * nothing; another album of hers holds `elsewhere`. The proxy vouches for whomever `remote-email` names.
 */
export async function sharedHouse({ clock }: { clock?: Clock } = {}) {
  const environment = { PORCHLIGHT_TRUSTED_NETWORKS: `${peers.proxy}/32`, PORCHLIGHT_WEB_DIR: webFolder }
  const server = await startServer({ environment, ...(clock && { clock }) })
  await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const photos = {
    shown: await photo(server, gran, 'beach at home.jpg'),
    shownToo: await photo(server, gran, 'dunes.jpg'),
    single: await photo(server, gran, 'cake.jpg'),
    secret: await photo(server, gran, 'passport.jpg'),
    elsewhere: await photo(server, gran, 'letters.jpg'),
  }
  await untilQuiet(server)
  const album = await albumOf(server, gran, {
    albumName: 'Summer',
    assetIds: [photos.shown, photos.shownToo],
  })
  const otherAlbum = await albumOf(server, gran, { albumName: 'Private', assetIds: [photos.elsewhere] })

  const share = (body: object) =>
    json<Link>({ port: server.port, person: gran }, '/shared-links', sends('POST', body))
  return {
    server,
    gran,
    photos,
    album,
    otherAlbum,
    share,
    shareAlbum: (options: object = {}) => share({ type: 'ALBUM', albumId: album, ...options }),
    sharePhotos: (options: object = {}) =>
      share({ type: 'INDIVIDUAL', assetIds: [photos.single], ...options }),
    /** As somebody without an account, with nothing but the link. */
    visit: (link: Link, call: Call): Promise<Answer> =>
      server.call({ ...call, headers: { 'x-immich-share-key': link.key, ...(call.headers as object) } }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const webFolder = new URL('shared-house-web', import.meta.url).pathname

async function photo({ port }: TestServer, person: SignedIn, name: string): Promise<string> {
  const exif = { IFD0: { Make: 'Kodak', Model: 'Brownie' }, IFD3: placeAtHome }
  const { body } = await upload({ port, person }, { name, bytes: await jpeg({ exif }) })
  return body.id
}

/** GPS of the front door. */
const placeAtHome = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '52/1 30/1 0/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '13/1 24/1 0/1',
}

async function albumOf({ port }: TestServer, person: SignedIn, body: object): Promise<string> {
  const { id } = await json<{ id: string }>({ port, person }, '/albums', sends('POST', body))
  return id
}
