import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

test('a request that could not be parsed is not logged byte by byte', () => {
  let log = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk)
      done()
    },
  })
  const err = Object.assign(new Error('Parse Error'), { rawPacket: Buffer.from('cookie: secret') })
  createLogger('trace', destination).trace({ err }, 'client error')
  expect(log).toContain('Parse Error')
  expect(log).not.toContain([...Buffer.from('secret')].join(','))
})

test('what lets its bearer in is masked wherever headers are logged', () => {
  let log = ''
  const logger = createLogger(
    'info',
    new Writable({
      write(chunk, _encoding, done) {
        log += String(chunk)
        done()
      },
    }),
  )
  const names = [
    'authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'x-immich-user-token',
    'x-immich-session-token',
  ]
  const headers = Object.fromEntries(names.map((name) => [name, 'very-secret']))
  logger.info({ req: { headers: { ...headers, 'user-agent': 'curl' } } }, 'a\n{"level":60}')
  logger.debug('not this')
  expect(log.match(/\n/g)).toHaveLength(1)
  expect(log).not.toContain('very-secret')
  expect(JSON.parse(log)).toMatchObject({
    msg: 'a\n{"level":60}',
    req: { headers: { 'user-agent': 'curl' } },
  })
})

test('addresses and tokens are masked wherever they come from, and the line stays JSON', () => {
  let log = ''
  const logger = createLogger(
    'info',
    new Writable({
      write(chunk, _encoding, done) {
        log += String(chunk)
        done()
      },
    }),
  )
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJlbWFpbCI6ImdyYW4ifQ.c2lnbmF0dXJl'
  const err = Object.assign(new Error('duplicate key for gran@home.example'), {
    detail: 'Key (email)=(gran@home.example) already exists',
    parameters: ['gran', 'a password hash'],
  })
  logger.error({ err, said: '\u0001gran@home.example \\ngran@home.example' }, `a\ngran@home.example\n${jwt}`)
  logger.info('"gran"@x a@b not@all Server listening at http://[::]:2283')
  const [first = '', second = ''] = log.split('\n')
  expect(log).not.toMatch(/gran@|password hash|c2lnbmF0dXJl/)
  expect(JSON.parse(first)).toMatchObject({
    msg: 'a\ng***@home.example\n[secret]',
    said: '\u0001g***@home.example \\n***@home.example',
  })
  expect(JSON.parse(second)).toMatchObject({
    msg: '"gran"@x a@b not@all Server listening at http://[::]:2283',
  })
})

test('a line as long as a stranger can make it is masked in no time', () => {
  const logger = createLogger('info', new Writable({ write: (_chunk, _encoding, done) => done() }))
  const started = performance.now()
  for (const part of ['a', 'a@', '@a', 'a-', 'eyJ', '.', '\\u', 'a@a.'])
    logger.info(part.repeat(64_000 / part.length))
  expect(performance.now() - started).toBeLessThan(1000)
})
