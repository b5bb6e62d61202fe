import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StartProblem } from '../platform/environment.ts'
import { readConfigFile, unknownKeys } from './config-file.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function read(text: string, name = 'porchlight.yaml') {
  const path = join(folder, name)
  writeFileSync(path, text)
  return (await readConfigFile(path)).document
}

const complaintOf = async (reading: Promise<unknown>) => {
  const error: unknown = await reading.then(
    () => 'no complaint',
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(StartProblem)
  return (error as Error).message.replaceAll(folder, '/etc')
}

const wanted = { trustedHeader: { enabled: true, networks: ['10.3.3.0/24'] } }

test.each([
  ['porchlight.yaml', 'trustedHeader:\n  enabled: true\n  networks: [10.3.3.0/24]\n'],
  ['porchlight.yml', '\uFEFF# the proxy\ntrustedHeader:\n  enabled: true\n  networks:\n    - 10.3.3.0/24\n'],
  ['porchlight.json', JSON.stringify(wanted)],
  ['tabs.json', JSON.stringify(wanted, undefined, '\t')],
])('%s holds a part of the settings', async (name, text) => {
  expect(await read(text, name)).toEqual(wanted)
})

test.each(['', '\n', '# nothing yet\n', '---\n', '{}'])('an empty file (%j) sets nothing', async (text) => {
  expect(await read(text)).toEqual({})
})

test.each<[string, string, string]>([
  [
    'a quote is not closed',
    'server:\n  loginPageMessage: "hello\ntrash:\n  enabled: true\n',
    'is not valid YAML, line 5: Missing closing "quote',
  ],
  ['a name comes twice', 'trash: {}\ntrash: {}\n', 'is not valid YAML, line 2: Map keys must be unique'],
  ['JSON ends too early', '{\n  "trash": {', 'is not valid YAML, line 2: '],
  ['there are two documents', 'trash: {}\n---\ntrash: {}\n', 'is not valid YAML, line 2: Source contains'],
  ['an alias means nothing', 'trash: *nothing\n', 'is not valid YAML: Unresolved alias'],
  ['it is a list', '- trash\n- server\n', 'must hold settings by name'],
  ['it is a word', 'trusted\n', 'must hold settings by name'],
  ['a name is written with dots', 'trustedHeader.enabled: false\n', 'write "trustedHeader.enabled" as names'],
  ['a name within has dots', 'trustedHeader:\n  headers.email: x\n', 'write "headers.email" as names'],
])('when %s, one line says where', async (_title, text, message) => {
  const complaint = await complaintOf(read(text))
  expect(complaint).toMatch(/^The config file \/etc\/porchlight.yaml[: ]/)
  expect(complaint).toContain(message)
  expect(complaint).not.toContain('\n')
})

test('of each setting the file knows the line', async () => {
  const path = join(folder, 'lines.yaml')
  writeFileSync(
    path,
    '# ours\ntrustedHeader:\n  enabled: yes please\n\n  networks:\n    - ::1\ntrash: { days: 1 }\n',
  )
  const { lineOf } = await readConfigFile(path)
  expect(
    ['trustedHeader', 'trustedHeader.enabled', 'trustedHeader.networks', 'trash', 'trash.days'].map(lineOf),
  ).toEqual([2, 3, 5, 7, 7])
  expect(['trustedHeader.secret', 'nothing', ''].map(lineOf)).toEqual([undefined, undefined, undefined])
})

test('a file that is not there, and a folder, cannot be read', async () => {
  expect(await complaintOf(readConfigFile(join(folder, 'none.yaml')))).toBe(
    "The config file /etc/none.yaml cannot be read: ENOENT: no such file or directory, open '/etc/none.yaml'",
  )
  expect(await complaintOf(readConfigFile(folder))).toBe(
    'The config file /etc cannot be read: EISDIR: illegal operation on a directory, read',
  )
})

test('names that no setting has are found, settings are not', () => {
  expect(
    unknownKeys({
      trash: { enabled: true, days: 7, colour: 'green' },
      oauth: { enabled: true },
      notifications: { smtp: { enabled: false } },
      nonsense: { deep: { er: 1 } },
    }),
  ).toEqual(['trash.colour', 'nonsense.deep.er'])
})

test('a file that reaches for the prototype changes no object', async () => {
  await read('__proto__:\n  isAdmin: true\nconstructor:\n  prototype:\n    isAdmin: true\n')
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
})

test('a file of aliases upon aliases is refused, not unfolded', async () => {
  const bomb = Array.from({ length: 9 }, (_, level) => {
    const above = level === 0 ? '"x"' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => above).join(', ')}]`
  }).join('\n')
  expect(await complaintOf(read(bomb))).toContain('is not valid YAML')
})
