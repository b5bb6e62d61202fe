import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * What each folder may import of the others: platform <- database <- domains <- auth <- app <- main. A new direction is a
 * decision, made here.
 */
const allowed: Record<string, readonly string[]> = {
  platform: [],
  database: ['platform'],
  config: ['platform', 'database', 'audit'],
  users: ['platform', 'database', 'audit'],
  sessions: ['platform', 'database', 'audit', 'users'],
  'api-keys': ['platform', 'database', 'audit', 'users'],
  audit: ['platform', 'database'],
  metrics: ['platform', 'database'],
  'sign-in-check': ['platform', 'database', 'config', 'users'],
  'device-sign-in': ['platform', 'database'],
  'openid-connect': ['platform', 'database', 'audit', 'config', 'users', 'sessions'],
  sharing: ['platform', 'database', 'audit', 'users', 'assets', 'albums'],
  auth: [
    'platform',
    'audit',
    'metrics',
    'config',
    'users',
    'sessions',
    'api-keys',
    'device-sign-in',
    'openid-connect',
    'sharing',
    'sign-in-check',
  ],
  storage: ['platform', 'database'],
  jobs: ['platform', 'database'],
  media: ['platform'],
  'profile-pictures': ['platform', 'database', 'users', 'media', 'storage'],
  assets: ['platform', 'database', 'users', 'jobs', 'media', 'storage'],
  timeline: ['platform', 'database', 'users', 'assets'],
  albums: ['platform', 'database', 'users', 'assets'],
  commands: ['platform', 'config', 'users', 'sessions', 'sign-in-check'],
  'server-info': ['platform', 'config', 'users', 'assets'],
  live: ['platform'],
  'web-pages': ['platform', 'config'],
}

/** Open to everybody: they have no front door of their own. */
const shared = ['platform', 'database']

/**
 * Files other than the front door (`users/users.ts`) that another folder may import: the caller of a request, wire
 * fields that several answers share, the row of a person in a join, the settings.
 */
const sideDoors = [
  'users/caller.ts',
  'users/known-hash.ts',
  'users/locked-folder.ts',
  'users/password-hash.ts',
  'users/user-row.ts',
  'users/user-wire.ts',
  'sessions/device.ts',
  'sign-in-check/report-text.ts',
  'sign-in-check/run-check.ts',
  'users/visit.ts',
  'assets/asset-wire.ts',
  'assets/visitor-asset-wire.ts',
  'assets/wire-fields.ts',
  'albums/album-wire.ts',
  'storage/file-keeper.ts',
  'storage/file-reply.ts',
  'config/app-door.ts',
  'config/changers.ts',
  'config/probation.ts',
  'config/settings-store.ts',
  'config/settings.ts',
  'config/system-config.ts',
  'config/trusted-header-policy.ts',
  'config/trusted-header-settings.ts',
]

const root = join(import.meta.dirname, '../..')
const sources = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**'] })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/\.test\.ts$|\.d\.ts$/.test(file))

const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

/** Without comments: a comment may name what the code must not touch. */
const codeOf = (file: string) => textOf(file).replace(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')

/** What a file imports, in any form: `from '…'`, `import '…'`, `import('…')`, `new URL('…', import.meta.url)`. */
function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(/(?:\bfrom|\bimport|\bimport\(|new URL\()\s*'([^']+)'/g)
  return [...found].map(([, path = '']) => path)
}

/** Path from the root of the repository; undefined for a package. */
const target = (file: string, path: string) =>
  path.startsWith('.') ? relative(root, join(root, dirname(file), path)) : undefined

/** `server/src/users/user-store.ts` -> `['users', 'users/user-store.ts']`; undefined outside the folders. */
function placeOf(path: string): [folder: string, file: string] | undefined {
  const file = /^server\/src\/(.+)$/.exec(path)?.[1]
  const folder = file === undefined ? undefined : /^([^/]+)\//.exec(file)?.[1]
  return file === undefined || folder === undefined ? undefined : [folder, file]
}

function complaints(from: string, path: string): string[] {
  const [here] = placeOf(from) ?? []
  const to = target(from, path)
  if (here === undefined || to === undefined) return []
  const there = placeOf(to)
  if (!there) return to === 'server/package.json' ? [] : [`${from} imports ${to}, which belongs to no folder`]
  const [folder, file] = there
  if (folder === here) return []
  if (!allowed[here]?.includes(folder)) return [`${from} imports ${file}: ${here} may not import ${folder}`]
  const isOpen = shared.includes(folder) || file === `${folder}/${folder}.ts` || sideDoors.includes(file)
  return isOpen ? [] : [`${from} imports ${file}, which is not the front door of ${folder}`]
}

describe('the server', () => {
  const files = sources('server/src/**/*.ts')

  test('has only folders that the map knows, and the map only folders that are there', () => {
    const folders = new Set(files.map((file) => placeOf(file)?.[0]).filter((folder) => folder !== undefined))
    expect([...folders].sort()).toEqual(Object.keys(allowed).sort())
  })

  test('imports along the map, and through the front doors', () => {
    expect(files.flatMap((file) => importsOf(file).flatMap((path) => complaints(file, path)))).toEqual([])
  })

  test('uses every direction and every side door that the map allows', () => {
    const used = new Set<string>()
    for (const file of files) {
      for (const path of importsOf(file)) {
        const [from, to] = [placeOf(file), placeOf(target(file, path) ?? '')]
        if (!from || !to || from[0] === to[0]) continue
        used.add(`${from[0]} -> ${to[0]}`).add(to[1])
      }
    }
    const declared = Object.entries(allowed).flatMap(([from, list]) => list.map((to) => `${from} -> ${to}`))
    expect([...declared, ...sideDoors].filter((one) => !used.has(one))).toEqual([])
  })

  test('has no two folders that import each other, by whatever way round', () => {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const to of allowed[from] ?? []) if (!seen.has(to)) reaches(to, seen.add(to))
      return seen
    }
    expect(Object.keys(allowed).filter((folder) => reaches(folder).has(folder))).toEqual([])
  })

  test('is put together in app.ts alone, which nothing but main.ts imports', () => {
    const importers = (name: string) =>
      files.filter((file) => importsOf(file).some((path) => target(file, path) === `server/src/${name}`))
    expect(importers('main.ts')).toEqual([])
    expect(importers('app.ts')).toEqual(['server/src/main.ts'])
    expect(importers('library.ts')).toEqual(['server/src/app.ts'])
  })

  test('reads the environment in main.ts and on the command line alone', () => {
    const reads = files.flatMap((file) => {
      const found = codeOf(file).match(/\bprocess\s*(\.\s*env\b|\[).{0,12}|\benv\b.*from 'node:process'/g)
      return (found ?? []).map((read) => `${file}: ${read}`)
    })
    // The helper process finds ffmpeg by the same path; it sees nothing else of the environment.
    const handedOn = "server/src/media/media-child.ts: process.env['PATH'],"
    expect(reads.filter((read) => read !== handedOn)).toEqual([
      'server/src/command-line.ts: process.env).then(',
      'server/src/main.ts: process.env)',
    ])
  })

  test('asks the engine for a verdict in auth alone', () => {
    const askers = files.filter((file) =>
      /import\s*\{[^}]*\bdecide\b[^}]*\}\s*from '@porchlight/.test(textOf(file)),
    )
    expect(askers.length).toBeGreaterThan(0)
    for (const file of askers) expect(file).toMatch(/^server\/src\/auth\//)
    for (const file of files.filter((one) => importsOf(one).includes('@porchlight/trusted-header')))
      expect(file).toMatch(
        /^server\/src\/(audit|auth|commands|config|openid-connect|sign-in-check)\/|^server\/src\/users\/user-wire\.ts$/,
      )
  })

  test('looks at the socket, raw headers and forwarded headers in auth alone', () => {
    const peeking = /remoteAddress|rawHeaders|headersDistinct|x-forwarded|request\.ip\b|remote-email/i
    const peekers = files.filter((file) => peeking.test(codeOf(file)))
    // The settings and their page name the header; they read none.
    const known = ['settings-page.ts', 'trusted-header-settings.ts'].map(
      (file) => `server/src/config/${file}`,
    )
    expect(peekers.filter((file) => !file.startsWith('server/src/auth/') && !known.includes(file))).toEqual(
      [],
    )
    expect(files.filter((file) => /\btrustProxy: (?!false\b)|\.ip\b|\.ips\b/.test(codeOf(file)))).toEqual([])
  })
})

test('the engine imports Node’s own parts and itself, nothing of this repository; assertions also jose', () => {
  const files = sources('packages/trusted-header/src/**/*.ts')
  expect(files.length).toBeGreaterThan(5)
  const foreign = files.flatMap((file) => {
    const isAllowed = file.includes('/assertion/')
      ? /^(node:|jose$|\.\.?\/[\w-]+\.ts$)/
      : /^(node:|\.\/[\w-]+\.ts$)/
    return importsOf(file)
      .filter((path) => !isAllowed.test(path))
      .map((path) => `${file} imports ${path}`)
  })
  expect(foreign).toEqual([])
})

test('the web client and the server share nothing but the wire', () => {
  const foreign = [...sources('web/src/**/*.{ts,svelte}'), ...sources('server/src/**/*.ts')].flatMap(
    (file) => {
      const other = file.startsWith('web/')
        ? /(^|\/)server\/|@porchlight\/server/
        : /(^|\/)web\/|@porchlight\/web/
      return importsOf(file)
        .filter((path) => other.test(target(file, path) ?? path))
        .map((path) => `${file} imports ${path}`)
    },
  )
  expect(foreign).toEqual([])
})

test('file names are unique, so that a tab or a stack trace says which file it is', () => {
  const names = sources('{server,packages}/**/*.ts').map((file) => file.slice(file.lastIndexOf('/') + 1))
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
