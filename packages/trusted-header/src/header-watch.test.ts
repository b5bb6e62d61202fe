import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHeaderWatch } from './header-watch.ts'

const names = ['remote-email', 'X-Remote-Name', 'ping']

/** The first values of the watched headers by name, which of them came more than once, and whether an alias was there. */
function look(rawHeaders: string[], watch = createHeaderWatch(names, ['host'])) {
  const seen = watch.look(rawHeaders)
  if (!seen) throw new Error('no header list')
  const placed = [...names, 'host'].map((name) => [name, watch.placeOf(name)] as const)
  return {
    values: Object.fromEntries(
      placed.flatMap(([name, place]) =>
        seen.values[place] === undefined ? [] : [[name, seen.values[place]]],
      ),
    ),
    repeated: placed.filter(([, place]) => seen.repeated & (1 << place)).map(([name]) => name),
    hasAlias: seen.hasAlias,
  }
}

describe('who watches for headers', () => {
  test('sees those, by their names in any case, and no others', () => {
    const lines = [
      'Host',
      'x',
      'Accept',
      '*/*',
      'Remote-EMAIL',
      'gran@home.example',
      'remote-user',
      'gran',
      'Ping',
      '',
    ]
    expect(look(lines)).toEqual({
      values: { host: 'x', 'remote-email': 'gran@home.example', ping: '' },
      repeated: [],
      hasAlias: false,
    })
  })

  test('sees nothing in a request without headers', () => {
    expect(look([])).toEqual({ values: {}, repeated: [], hasAlias: false })
  })

  test('sees which came more than once, and what they said first', () => {
    const lines = [
      'ping',
      '1',
      'HOST',
      'x',
      'Ping',
      '2',
      'host',
      'y',
      'x-remote-name',
      '',
      'x-remote-name',
      '',
    ]
    expect(look(lines)).toEqual({
      values: { host: 'x', ping: '1', 'X-Remote-Name': '' },
      repeated: ['X-Remote-Name', 'ping', 'host'],
      hasAlias: false,
    })
  })

  test.each([
    'remote_email',
    'Remote.Email',
    'REMOTEEMAIL',
    '-remote-email',
    '_Remote-Email',
    '\u00a0remote-email',
    '\u0141remote-email',
    'x_remote_name',
    'P-i-n-g',
    'ping-',
    `${'-'.repeat(200)}ping`,
    `ping${'-'.repeat(200)}`,
  ])('sees that %j is an alias, time and again', (alias) => {
    const watch = createHeaderWatch(names, ['host'])
    for (let time = 0; time < 3; time += 1)
      expect(look([alias, 'x'], watch)).toEqual({ values: {}, repeated: [], hasAlias: true })
  })

  test.each([
    'ho_st',
    'h-ost',
    'remote-mail',
    'pin',
    'pings',
    'xremote',
    'x-remote-namee',
    '',
    '-',
    'p',
    'ppng',
  ])('sees that %j is none', (name) => {
    expect(look([name, 'x'])).toEqual({ values: {}, repeated: [], hasAlias: false })
  })

  test('doubts a name that is watched and but for signs another that is watched', () => {
    const watch = createHeaderWatch(['remote-email', 'remoteemail', 'remote-email', 'ping', 'PING'])
    expect(watch.look(['remote-email', 'x'])?.hasAlias).toBe(true)
    expect(watch.look(['remoteemail', 'x'])?.hasAlias).toBe(true)
    expect(watch.look(['ping', 'x'])).toMatchObject({ hasAlias: false, repeated: 0 })
    expect(watch.look(['ping', 'x'])?.values[watch.placeOf('Ping')]).toBe('x')
  })

  test('has no place for a header that is not watched', () => {
    expect(createHeaderWatch(names).placeOf('host')).toBe(-1)
  })

  test('knows a header list when it sees one', () => {
    const watch = createHeaderWatch(names)
    for (const odd of [undefined, null, 'ab', 7, {}, { length: 0 }, ['ping'], ['ping', undefined], [1, 'x']])
      expect(watch.look(odd)).toBeUndefined()
    expect(watch.look(['accept', 'x', 'other', 7])).toBeUndefined()
    expect(watch.look(Array.from({ length: 2 }))).toBeUndefined()
  })
})

test('a flood of new names changes nothing of what is seen', () => {
  const watch = createHeaderWatch(names, ['host'])
  const check = () => {
    expect(look(['remote-email', 'x'], watch)).toMatchObject({
      values: { 'remote-email': 'x' },
      hasAlias: false,
    })
    expect(look(['remote_email', 'x'], watch)).toMatchObject({ values: {}, hasAlias: true })
    expect(look(['remote-emai1', 'x'], watch)).toMatchObject({ values: {}, hasAlias: false })
  }
  check()
  for (let round = 0; round < 5; round += 1) {
    for (let index = 0; index < 300; index += 1) watch.look([`remote-${round}-${index}`, 'x'])
    check()
  }
})

test('what is seen is what a slow and simple search finds', () => {
  const letters = fc.constantFrom(...Array.from('remotailxnpgh-_.RE \u00e9'))
  const name = fc.oneof(
    fc.constantFrom(...names, 'Host', 'Remote_Email', 'x.remote.name', 'PING', 'P_ing'),
    fc.string({ unit: letters }),
  )
  const simple = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  const watch = createHeaderWatch(names, ['host'])
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (lines) => {
      const found = look(lines.flat(), watch)
      for (const watched of [...names, 'host']) {
        const same = lines.filter(([name]) => name.toLowerCase() === watched.toLowerCase())
        expect(found.values[watched]).toBe(same[0]?.[1])
        expect(found.repeated.includes(watched)).toBe(same.length > 1)
      }
      const hasAlias = lines.some(([name]) =>
        names.some((one) => simple(one) === simple(name) && one.toLowerCase() !== name.toLowerCase()),
      )
      expect(found.hasAlias).toBe(hasAlias)
    }),
    { numRuns: 2000 },
  )
})
