import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { askAt, type Answer } from './pinned-connection.ts'
import { downloadPicture } from './picture-download.ts'

type Page = { status?: number; location?: string; body?: Uint8Array[] }

/** An internet of names and pages; whatever is asked is written down as `address url`. */
function createInternet(names: Record<string, string[]>, pages: Record<string, Page>) {
  const asked: string[] = []
  const discarded: string[] = []
  const internet = {
    resolve: async (host: string) => {
      const addresses = names[host]
      if (!addresses) throw new Error(`getaddrinfo ENOTFOUND ${host}`)
      return addresses
    },
    ask: async ({ url, address }: { url: URL; address: string }): Promise<Answer> => {
      asked.push(`${address} ${url.href}`)
      const { status = 200, location, body = [Buffer.from('picture')] } = pages[url.href] ?? { status: 404 }
      const stream = (async function* () {
        yield* body
      })()
      return { status, location, body: stream, discard: () => void discarded.push(url.href) }
    },
  }
  const fetchIt = (url: string) =>
    downloadPicture(url, { internet, signal: AbortSignal.timeout(1000) }).then(
      (picture) => picture.toString(),
      (error: unknown) => error,
    )
  return { fetchIt, asked, discarded }
}

const names = {
  'pics.example': ['8.8.8.8'],
  'six.example': ['2606:4700:4700::1111', '8.8.4.4'],
  'home.example': ['192.168.1.1'],
  'both.example': ['8.8.8.8', '10.0.0.1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'metadata.example': ['169.254.169.254'],
  'empty.example': [],
}
const elsewhere = new Error('its host is not on the public internet')

test('a picture is fetched from the very address that was looked at', async () => {
  const { fetchIt, asked } = createInternet(names, {
    'https://pics.example/gran.jpg?s=96': {},
    'https://six.example/gran.jpg': {},
  })
  expect(await fetchIt('https://pics.example/gran.jpg?s=96')).toBe('picture')
  expect(await fetchIt('https://six.example/gran.jpg')).toBe('picture')
  expect(asked).toEqual([
    '8.8.8.8 https://pics.example/gran.jpg?s=96',
    '2606:4700:4700::1111 https://six.example/gran.jpg',
  ])
})

const hostile: [string, string, Error][] = [
  ['the cloud’s own data', 'https://169.254.169.254/latest/meta-data/', elsewhere],
  ['the same by name', 'https://metadata.example/', elsewhere],
  ['this machine', 'https://127.0.0.1/', elsewhere],
  ['this machine in decimal', 'https://2130706433/', elsewhere],
  ['this machine in hexadecimal', 'https://0x7f.1/', elsewhere],
  ['this machine in octal', 'https://0177.0.0.1/', elsewhere],
  ['this machine in wide digits', 'https://１２７.0.0.1/', elsewhere],
  ['this machine by IPv6', 'https://[::1]/', elsewhere],
  ['this machine as IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/', elsewhere],
  ['a name for that', 'https://mapped.example/', elsewhere],
  ['this machine through NAT64', 'https://[64:ff9b::7f00:1]/', elsewhere],
  ['a name for that', 'https://nat64.example/', elsewhere],
  ['this machine through 6to4', 'https://[2002:7f00:1::]/', elsewhere],
  ['a house’s own network', 'https://home.example/', elsewhere],
  ['a name with one foot in it', 'https://both.example/', elsewhere],
  ['a name without an address', 'https://empty.example/', new Error('its host has no address')],
  ['a name that is none', 'https://none.example/', new Error('getaddrinfo ENOTFOUND none.example')],
  ['plain http', 'http://pics.example/', new Error('it is no https address')],
  ['a file', 'file:///etc/passwd', new Error('it is no https address')],
  ['data', 'data:image/png;base64,AA==', new Error('it is no https address')],
  ['no URL', 'gran.jpg', new Error('it is no https address')],
  ['a password', 'https://a:b@pics.example/', new Error('there is a user name in the address')],
]

test.each(hostile)('%s is asked for nothing', async (_, url, reason) => {
  const { fetchIt, asked } = createInternet(names, {})
  expect(await fetchIt(url)).toEqual(reason)
  expect(asked).toEqual([])
})

test.each(hostile.filter(([, url]) => URL.canParse(url)))(
  'nor is %s when a redirect leads there',
  async (_, url, reason) => {
    const { fetchIt, asked, discarded } = createInternet(names, {
      'https://pics.example/1': { status: 302, location: url },
    })
    expect(await fetchIt('https://pics.example/1')).toEqual(reason)
    expect(asked).toEqual(['8.8.8.8 https://pics.example/1'])
    expect(discarded).toEqual(['https://pics.example/1'])
  },
)

test('three redirects are followed, a fourth is not', async () => {
  const step = (number: number) => ({ status: 307, location: `/${number + 1}` })
  const pages = Object.fromEntries(
    [1, 2, 3, 4].map((number) => [`https://pics.example/${number}`, step(number)]),
  )
  const { fetchIt, asked } = createInternet(names, { ...pages, 'https://pics.example/5': {} })
  expect(await fetchIt('https://pics.example/2')).toBe('picture')
  expect(asked).toHaveLength(4)
  expect(await fetchIt('https://pics.example/1')).toEqual(new Error('it redirects more than 3 times'))
  expect(asked).toHaveLength(8)
})

test('a redirect to nowhere is none', async () => {
  const { fetchIt } = createInternet(names, { 'https://pics.example/': { status: 301 } })
  expect(await fetchIt('https://pics.example/')).toEqual(new Error('it is no https address'))
})

test('a picture has at most 5 MB, whatever it says of itself', async () => {
  const megabyte = Buffer.alloc(1024 * 1024, 1)
  const five = Array.from({ length: 5 }, () => megabyte)
  const { fetchIt } = createInternet(names, {
    'https://pics.example/fits': { body: five },
    'https://pics.example/huge': { body: [...five, Buffer.from([1])] },
  })
  expect(await fetchIt('https://pics.example/fits')).toHaveLength(5 * 1024 * 1024)
  expect(await fetchIt('https://pics.example/huge')).toEqual(new Error('it is larger than 5 MB'))
})

test('a page that is not there is no picture', async () => {
  const { fetchIt, discarded } = createInternet(names, {})
  expect(await fetchIt('https://pics.example/404')).toEqual(new Error('the answer was 404, not 200'))
  expect(discarded).toHaveLength(1)
})

test('a name server that never answers is not waited for', async () => {
  const internet = { resolve: () => new Promise<never>(() => {}), ask: askAt }
  const signal = AbortSignal.timeout(20)
  await expect(downloadPicture('https://pics.example/', { internet, signal })).rejects.toThrow('timeout')
  await expect(downloadPicture('https://pics.example/', { internet, signal })).rejects.toThrow('timeout')
})

test('the connection goes to the address that was given, by TLS, under the name in the URL', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = new URL(`https://pics.example:${port}/gran.jpg`)
  const outcome = askAt({ url, address: '127.0.0.1', signal: AbortSignal.timeout(5000) }).catch(String)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const [hello] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  expect(await outcome).toMatch(/socket|ECONNRESET|hang up/i)
  // A TLS handshake (RFC 8446 section 5.1) with the server's name in it, and nothing of the request.
  expect(hello[0]).toBe(22)
  expect(hello.includes('pics.example')).toBe(true)
  expect(hello.includes('gran.jpg')).toBe(false)
})

test('a connection that says nothing is left', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = new URL(`https://pics.example:${(server.address() as AddressInfo).port}/`)
  const signal = AbortSignal.timeout(50)
  await expect(askAt({ url, address: '127.0.0.1', signal })).rejects.toThrow(/abort/i)
})
