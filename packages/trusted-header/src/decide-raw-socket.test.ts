import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import * as fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { decide } from './decide.ts'
import { parseNetworks } from './networks.ts'
import { expectedVerdict, type Line } from './test-reference.ts'
import type { Policy } from './policy.ts'

/**
 * Raw bytes through a real socket and Node's own parser: what a client, or a proxy that lets it through, can send. More
 * cases by `FUZZ_CASES=100000 npx vitest run --project unit decide-raw-socket`.
 */
const cases = Number(process.env.FUZZ_CASES ?? 5000)

const parsed = parseNetworks('127.0.0.1')
if ('problems' in parsed) throw new Error(parsed.problems[0].reason)
const policy: Policy = {
  enabled: true,
  networks: parsed.networks,
  headers: { email: 'remote-email', id: 'remote-user', name: 'remote-name', groups: 'remote-groups' },
  nameEncoding: 'latin1',
}

const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1')
const anyBytes = fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const names = [
  'Remote-Email',
  'remote-user',
  'REMOTE-NAME',
  'Remote-Groups',
  'Remote_Email',
  'remote.name',
  'X-A',
  'Remote-Email ',
]
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: anyBytes },
)
const words = [
  'gran@home.example',
  'Boss@home.example',
  'gran',
  '-',
  '(null)',
  '{x}',
  '',
  'a,b',
  bytesOf('Zoë 祖母'),
  'Zo\u00eb',
  '\u212a',
]
const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words.map(bytesOrText)) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.constantFrom(...words.map(bytesOrText)), { maxLength: 3 })
      .map((all) => all.join(',')),
  },
  { weight: 2, arbitrary: anyBytes },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('gran@home.example', 'gran'), anyBytes).map((two) => two.join('')),
  },
)
const separator = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(': ', ':', ':\t ', ':  ') },
  { weight: 1, arbitrary: fc.constantFrom(' : ', '', ' ', '::', ':\r\n ', ':\0') },
)
const end = fc.oneof(
  { weight: 40, arbitrary: fc.constant('\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r', ' \r\n', '\t\r\n', '\0\r\n', '\r\n\r\n', '\r\r\n') },
)
const line = fc.tuple(name, separator, value, end).map((parts) => parts.join(''))
const person = fc.constantFrom('', 'Remote-Email: gran@home.example\r\nRemote-User: gran\r\n')
const head = fc.tuple(person, fc.array(line, { maxLength: 6 })).map(([start, rest]) => start + rest.join(''))

/** Text as its bytes, and what is bytes already as it is. */
function bytesOrText(text: string): string {
  return /[\u0100-\uffff]/.test(text) ? bytesOf(text) : text
}

/** A server that answers with the verdict. */
async function startServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const verdict = decide(policy, { peer: request.socket.remoteAddress, rawHeaders: request.rawHeaders })
    const body = JSON.stringify(verdict)
    response
      .writeHead('identity' in verdict ? 200 : 401, { 'Content-Length': Buffer.byteLength(body) })
      .end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

/** All that comes back until the server closes: it does, since each request asks for it. */
async function send(port: number, head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.end(Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}\r\n`, 'latin1'))
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** The header lines by RFC 9112 section 5, where there is nothing odd about them. */
function linesOf(head: string): Line[] | undefined {
  const lines: Line[] = []
  for (const text of `\r\n${head}\r\n`.split('\r\n\r\n')[0]?.split('\r\n') ?? []) {
    if (text === '') continue
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? []
    if (name === undefined || value === undefined) return undefined
    lines.push([name, value.replace(/[\t ]+$/, '')])
  }
  return lines
}

test('whatever bytes arrive, an identity is what the rules give, and the server goes on', async () => {
  const server = await startServer()
  const { port } = server.address() as AddressInfo
  const kinds = { believed: 0, refused: 0, malformed: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(head, { minLength: 20, maxLength: 20 }), async (heads) => {
      const answers = await Promise.all(heads.map((head) => send(port, head)))
      for (const [index, head] of heads.entries()) {
        const lines = linesOf(head)
        const [, status = '', body = ''] =
          /^HTTP\/1\.1 (\d+).*?\r\n\r\n(.*)$/s.exec(answers[index] ?? '') ?? []
        kinds[status === '200' ? 'believed' : status === '401' ? 'refused' : 'malformed'] += 1
        const verdict: unknown = status === '400' ? undefined : JSON.parse(body)
        expect(verdict).toEqual(lines && expectedVerdict({ lines, policy }))
      }
    }),
    { numRuns: Math.ceil(cases / 20) },
  )
  for (const count of Object.values(kinds)) expect(count).toBeGreaterThan(cases / 50)
}, 600_000)
