import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLogger } from '../platform/logger.ts'
import { createPictureFollower } from './picture-follower.ts'

type Log = { userId: string; from: string; reason: string }

function setUp({ ask = async () => 'picture' }: { ask?: (url: URL) => Promise<string> } = {}) {
  let time = Date.parse('2026-11-23T12:00:00Z')
  const asked: string[] = []
  const kept: string[] = []
  const logged: Log[] = []
  const logger = { ...createLogger('silent'), info: (entry: unknown) => void logged.push(entry as Log) }
  const follower = createPictureFollower({
    clock: { now: () => new Date(time) },
    logger,
    internet: {
      resolve: async () => ['8.8.8.8'],
      async ask({ url, signal }) {
        asked.push(url.href)
        const stopped = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        )
        const text = await Promise.race([ask(url), stopped])
        const body = (async function* () {
          yield Buffer.from(text)
        })()
        return { status: 200, location: undefined, body, discard: () => {} }
      },
    },
    keep: async (userId, picture, source) => void kept.push(`${userId} ${picture.toString()} ${source}`),
    drop: async (userId) => void kept.push(`${userId} none`),
  })
  const hours = (count: number) => void (time += count * 3_600_000)
  return { ...follower, asked, kept, logged, hours }
}

const settled = () => pause(20)
const gran = { id: 'gran', pictureSource: null }

test('gran’s picture is fetched once, however often she comes', async () => {
  const { follow, asked, kept } = setUp()
  for (let request = 0; request < 50; request += 1) follow(gran, 'https://pics.example/1')
  await settled()
  expect(asked).toEqual(['https://pics.example/1'])
  expect(kept).toEqual(['gran picture https://pics.example/1'])
  follow({ ...gran, pictureSource: 'https://pics.example/1' }, 'https://pics.example/1')
  await settled()
  expect(asked).toHaveLength(1)
})

test('however often her picture changes, it is fetched once an hour', async () => {
  const { follow, asked, hours } = setUp()
  for (let change = 0; change < 10; change += 1) {
    follow(gran, `https://pics.example/${change}`)
    await settled()
  }
  expect(asked).toEqual(['https://pics.example/0'])
  hours(0.99)
  follow(gran, 'https://pics.example/a')
  await settled()
  expect(asked).toHaveLength(1)
  hours(0.01)
  follow(gran, 'https://pics.example/b')
  await settled()
  expect(asked).toEqual(['https://pics.example/0', 'https://pics.example/b'])
})

test('a picture that cannot be had is not asked for again within the hour, and the log says why', async () => {
  const { follow, asked, kept, logged, hours } = setUp({ ask: () => Promise.reject(new Error('no route')) })
  const url = 'https://pics.example/gran.jpg?token=secret#fragment'
  for (let request = 0; request < 5; request += 1) {
    follow(gran, url)
    await settled()
  }
  expect(asked).toHaveLength(1)
  expect(kept).toEqual([])
  expect(logged).toEqual([{ userId: 'gran', from: 'https://pics.example/gran.jpg', reason: 'no route' }])
  hours(1)
  follow(gran, url)
  await settled()
  expect(asked).toHaveLength(2)
})

test('a picture that followed an address goes with it; one that never did stays', async () => {
  const { follow, kept } = setUp()
  follow(gran, '')
  await settled()
  expect(kept).toEqual([])
  follow(gran, 'https://pics.example/1')
  await settled()
  // At once, though the last fetch was within the hour.
  follow({ ...gran, pictureSource: 'https://pics.example/1' }, '')
  await settled()
  expect(kept).toEqual(['gran picture https://pics.example/1', 'gran none'])
})

test('two pictures are fetched at a time, and fifty wait', async () => {
  const gates: (() => void)[] = []
  const { follow, asked, kept } = setUp({
    ask: () => new Promise((resolve) => gates.push(() => resolve('picture'))),
  })
  for (let person = 0; person < 100; person += 1)
    follow({ id: `person-${person}`, pictureSource: null }, `https://pics.example/${person}`)
  await settled()
  expect(asked).toHaveLength(2)
  for (let round = 0; round < 60 && kept.length < 52; round += 1) {
    for (const open of gates.splice(0)) open()
    await pause(5)
  }
  expect(kept).toHaveLength(52)
  follow({ id: 'person-99', pictureSource: null }, 'https://pics.example/99')
  await settled()
  // Whoever found no room was not counted as asked.
  expect(asked.at(-1)).toBe('https://pics.example/99')
})

test('when the server ends, it waits for nothing and fetches nothing more', async () => {
  const { follow, close, asked, kept, logged } = setUp({ ask: () => new Promise(() => {}) })
  follow(gran, 'https://pics.example/1')
  follow({ id: 'anna', pictureSource: null }, 'https://pics.example/2')
  follow({ id: 'ben', pictureSource: null }, 'https://pics.example/3')
  await settled()
  await close()
  follow({ id: 'carl', pictureSource: null }, 'https://pics.example/4')
  await settled()
  expect(asked).toHaveLength(2)
  expect(kept).toEqual([])
  expect(logged.map(({ reason }) => reason)).toEqual(['the server is ending', 'the server is ending'])
})
