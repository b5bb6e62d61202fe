import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { people, startServer, type TestServer } from './start-server.ts'

/** Clients compare these answers key by key: one more, and they fail. */
async function ask(server: TestServer, path: string, headers: Record<string, string> = {}) {
  const answer = await server.call({ path, headers })
  expect([path, answer.status]).toEqual([path, 200])
  return answer.body as Record<string, unknown>
}

const features = {
  smartSearch: false,
  facialRecognition: false,
  duplicateDetection: false,
  map: false,
  reverseGeocoding: false,
  importFaces: false,
  sidecar: false,
  search: false,
  trash: true,
  oauth: false,
  oauthAutoLaunch: false,
  ocr: false,
  passwordLogin: true,
  configFile: false,
  email: false,
  realtimeTranscoding: false,
}

const config = {
  loginPageMessage: '',
  trashDays: 30,
  userDeleteDelay: 7,
  oauthButtonText: 'Login with OAuth',
  isInitialized: false,
  isOnboarded: false,
  externalDomain: '',
  publicUsers: true,
  mapDarkStyleUrl: '',
  mapLightStyleUrl: '',
  maintenanceMode: false,
  minFaces: 3,
}

test('anybody may ask whether the server is there, and which one it is', async () => {
  await using server = await startServer()
  expect(await ask(server, '/api/server/ping')).toEqual({ res: 'pong' })
  expect(await ask(server, '/.well-known/immich')).toEqual({ api: { endpoint: '/api' } })
  expect(await ask(server, '/api/server/version')).toEqual({ major: 3, minor: 2, patch: 2, prerelease: null })
  expect(await ask(server, '/api/server/version-history')).toEqual([])
})

test('clients learn before sign-in what to show, and after the first admin that there is one', async () => {
  await using server = await startServer()
  expect(await ask(server, '/api/server/features')).toEqual(features)
  expect(await ask(server, '/api/server/config')).toEqual(config)
  await server.signUpAdmin()
  expect(await ask(server, '/api/server/config')).toMatchObject({ isInitialized: true })
})

test('the header is a feature only while it is on', async () => {
  await using server = await startServer({ environment: { PORCHLIGHT_TRUSTED_NETWORKS: '10.3.3.7' } })
  // Apps sign in by way of the browser then, as they know it from OAuth.
  const oauthButtonText = 'Sign in as in the browser'
  expect(await ask(server, '/api/server/features')).toEqual({ ...features, oauth: true, trustedHeader: true })
  expect(await ask(server, '/api/server/config')).toEqual({ ...config, oauthButtonText })
  expect(JSON.stringify(await ask(server, '/api/public/config'))).not.toContain('10.3.3.7')
})

test('a file of settings is a feature', async () => {
  const text = 'server:\n  loginPageMessage: Welcome to our photos\npasswordLogin:\n  enabled: false\n'
  const first = await startServer()
  const file = join(first.dataDir, 'settings.yaml')
  writeFileSync(file, text)
  await using server = await startServer({ environment: { PORCHLIGHT_CONFIG_FILE: file } })
  await first[Symbol.asyncDispose]()
  expect(await ask(server, '/api/server/features')).toEqual({
    ...features,
    configFile: true,
    passwordLogin: false,
  })
  expect(await ask(server, '/api/server/config')).toMatchObject({ loginPageMessage: 'Welcome to our photos' })
})

test('the kinds of files are named by their endings', async () => {
  await using server = await startServer()
  const types = (await ask(server, '/api/server/media-types')) as Record<string, string[]>
  expect(Object.keys(types).sort()).toEqual(['image', 'sidecar', 'video'])
  for (const [kind, endings] of Object.entries({
    image: ['.jpg', '.jpeg', '.png', '.heic', '.webp'],
    video: ['.mp4', '.mov', '.webm'],
    sidecar: ['.xmp'],
  })) {
    expect(types[kind]).toEqual(expect.arrayContaining(endings))
    for (const ending of types[kind] ?? []) expect(ending).toMatch(/^\.[a-z0-9]+$/)
  }
})

test('a member sees which programs run here and how full the disk is; a visitor does not', async () => {
  await using server = await startServer()
  await server.signUpAdmin()
  const { headers } = await server.addPerson(people.gran)
  const about = await ask(server, '/api/server/about', headers)
  expect(about).toMatchObject({
    version: 'v3.2.2',
    versionUrl: '',
    licensed: false,
    nodejs: process.version,
    libvips: expect.stringMatching(/^\d+\.\d+/) as unknown,
  })
  const known = ['version', 'versionUrl', 'licensed', 'build', 'nodejs', 'ffmpeg', 'exiftool', 'libvips']
  for (const key of Object.keys(about)) expect(known).toContain(key)

  const storage = await ask(server, '/api/server/storage', headers)
  const bytes = expect.stringMatching(/^\d+(\.\d)? [KMGTP]?i?B$/) as unknown
  const count = expect.any(Number) as unknown
  expect(storage).toEqual({
    diskAvailable: bytes,
    diskSize: bytes,
    diskUse: bytes,
    diskAvailableRaw: count,
    diskSizeRaw: count,
    diskUseRaw: count,
    diskUsagePercentage: count,
  })
  for (const path of ['/api/server/about', '/api/server/storage']) {
    const visitor = await server.call({ path })
    expect([visitor.status, visitor.body]).toEqual([401, { message: 'Authentication required' }])
  }
})

test('an admin sees what everybody uses', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const gran = await server.addPerson(people.gran)
  const none = { photos: 0, videos: 0, usage: 0, usagePhotos: 0, usageVideos: 0 }
  expect(await ask(server, '/api/server/statistics', admin.headers)).toEqual({
    ...none,
    usageByUser: [
      { userId: admin.id, userName: 'Admin', ...none, quotaSizeInBytes: null },
      { userId: gran.id, userName: 'Gran', ...none, quotaSizeInBytes: null },
    ],
  })
})
