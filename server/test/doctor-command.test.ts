import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startServer, type TestServer } from './start-server.ts'

const program = join(import.meta.dirname, '../src/command-line.ts')

type Said = { code: number; out: string; err: string }

function doctor(environment: Record<string, string>, words: string[]): Promise<Said> {
  const env = { PATH: process.env['PATH'], ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [program, 'doctor', ...words], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err })
    })
  })
}

const trusting = (network: string) => startServer({ environment: { PORCHLIGHT_TRUSTED_NETWORKS: network } })
const addressOf = ({ port }: TestServer) => `http://127.0.0.1:${port}`

test('with the server bare in front of the world, the doctor is alarmed and ends with 1', async () => {
  await using server = await trusting('127.0.0.1/32')
  const said = await doctor(server.environment, [addressOf(server)])
  expect(said).toMatchObject({ code: 1, err: expect.stringMatching(/things are wrong/) })
  expect(said.out).toMatch(/^BAD {3}Nothing stands in front of Porchlight here$/m)
  expect(said.out).toMatch(/^BAD {3}Whoever asks for the API can say who they are$/m)
  expect(said.out).toContain('--cookie')
  expect(said.out).not.toContain('\u001b')
  expect(await server.countEverything()).toEqual({ users: 0, sessions: 0 })
})

test('where the doctor’s own machine is not trusted, it proposes the entry, and nothing else is red', async () => {
  await using server = await trusting('10.3.3.7/32')
  const said = await doctor(server.environment, [addressOf(server), '--json'])
  const lines = JSON.parse(said.out) as { id: string; level: string; mend?: { lines: string[] } }[]
  expect(lines.find(({ id }) => id === 'peer')).toMatchObject({
    level: 'bad',
    mend: { lines: ['PORCHLIGHT_TRUSTED_NETWORKS=10.3.3.7/32, 127.0.0.1/32'] },
  })
})

test('an address where another server answers is told as that', async () => {
  await using server = await trusting('127.0.0.1/32')
  await using other = await trusting('127.0.0.1/32')
  const said = await doctor(server.environment, [addressOf(other)])
  expect(said.code).toBe(1)
  expect(said.out).toContain('Something else answers at this address')
})

test.each([
  [
    'where nothing listens',
    ['http://127.0.0.1:1'],
    'cannot be reached from this machine: nothing listens there',
  ],
  ['a name that nobody knows', ['https://photos.invalid'], 'the name cannot be found from this machine'],
  ['no address at all', [], 'Say at which address people reach this server'],
  ['something that is no address', ['ftp://photos.example.com'], 'is not an address like'],
  ['two addresses', ['photos.example.com', 'other.example.com'], 'doctor looks at one address'],
  ['an option that is not there', ['photos.example.com', '--fix'], '--fix'],
  ['a cookie of two lines', ['photos.example.com', '--cookie', 'a=b\r\nremote-email: x'], '--cookie takes'],
  ['a way that is none', ['photos.example.com', '--via', 'http://proxy'], '--via takes a host'],
])('the doctor refuses %s in words', async (_, words, reason) => {
  await using server = await trusting('127.0.0.1/32')
  const said = await doctor(server.environment, words)
  expect(said).toMatchObject({ code: 1, out: '' })
  expect(said.err).toContain(reason)
  expect(said.err.trim().split('\n')).toHaveLength(1)
})

test('the address is the external domain unless another one is named', async () => {
  await using server = await trusting('127.0.0.1/32')
  const words = ['settings', 'set', 'server.externalDomain', addressOf(server)]
  await new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...server.environment }
    execFile(process.execPath, [program, ...words], { env }, resolve)
  })
  const said = await doctor(server.environment, [])
  expect(said.out).toContain(`Porchlight is reached at ${addressOf(server)}`)
})

test('in a folder without a library the doctor makes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-empty-'))
  const said = await doctor({ PORCHLIGHT_DATA_DIR: folder }, ['http://127.0.0.1:1'])
  expect(said).toMatchObject({
    code: 1,
    err: expect.stringContaining('PORCHLIGHT_DATA_DIR names the folder'),
  })
})
