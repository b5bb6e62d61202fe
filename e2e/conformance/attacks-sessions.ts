import { json, openPage, ourOwn, socketPath, upgrade } from './browser-steps.ts'
import {
  asPage,
  didIn,
  headerCase,
  jsonIn,
  personIn,
  sessionCookies,
  storyCase,
  withoutProxy,
} from './measure.ts'
import type { Ask, Case, Row } from './measure.ts'
import type { FrontRequest } from './lab.ts'
import { settingCase } from './setting-case.ts'

const album = json('POST', '/api/albums', { albumName: 'Not mine' })
const someAsset = '/api/assets/5c1d2bd8-5f0b-4a5e-9a63-2f1f7a1f2f10'

/** What one tab may ask for while another person sits down at the same browser. */
const doors: readonly Pick<FrontRequest, 'method' | 'path' | 'body' | 'headers'>[] = [
  { path: '/api/users/me' },
  album,
  { path: `${someAsset}/thumbnail` },
  { path: `${someAsset}/original` },
  { path: socketPath, headers: [...upgrade, ...ourOwn] },
]

/** Gran's session meets anna's word: each door must be shut, and gran's session gone. */
const switched = doors.map((door): Case =>
  storyCase({
    sent: `gran’s session cookie, while the portal says: anna, to \`${door.method ?? 'GET'} ${door.path.split('?')[0]}\``,
    tell: async (ask) => {
      const cookies = await openPage(ask, 'gran')
      const seen = await ask({ ...door, as: 'anna', cookies })
      const again = await ask({ as: 'gran', cookies })
      const isShut = seen.answer.status === 401
      const isReplaced = again.answer.status === 200 ? 'the old cookie counts for nothing' : didIn(again)
      return { did: `${didIn(seen)}; ${isReplaced}`, wrong: isShut ? undefined : 'it was not refused' }
    },
  }),
)

const switches: Row = {
  id: 'C1',
  title: 'One browser, two people',
  cases: [
    ...switched,
    storyCase({
      sent: 'gran’s session cookie, while the portal says: anna, and a page is opened',
      tell: async (ask) => {
        const cookies = await openPage(ask, 'anna', await openPage(ask, 'gran'))
        const who = personIn((await ask({ as: 'anna', cookies })).answer)
        return {
          did: `the page brings a session of ${who}`,
          wrong: who === 'anna@home.example' ? undefined : 'not anna',
        }
      },
    }),
  ],
}

const gone: Row = {
  id: 'C2',
  title: 'The header is gone, the session is not',
  cases: [
    storyCase({
      sent: 'gran’s session cookie, while the portal says: nobody at all',
      tell: async (ask) => {
        const cookies = await openPage(ask, 'gran')
        const seen = await ask({ as: 'nobody at all', cookies })
        return {
          did: didIn(seen),
          wrong: didIn(seen) === '401 `signed_out_at_proxy`' ? undefined : 'it went on',
        }
      },
    }),
    storyCase({
      sent: 'gran’s session cookie from an address that is not listed, then gran herself',
      only: withoutProxy('this is the way past the proxy'),
      tell: async (ask) => {
        const cookies = await openPage(ask, 'gran')
        const stolen = await ask({ cookies, from: '127.0.0.2' })
        const herself = await ask({ as: 'gran', cookies })
        const isRight = stolen.answer.status === 401 && herself.answer.status === 200
        return { did: `${didIn(stolen)}; then ${didIn(herself)}`, wrong: isRight ? undefined : 'not so' }
      },
    }),
  ],
}

const fixation: Row = {
  id: 'C3',
  title: 'A session id that the client chose',
  cases: [
    storyCase({
      sent: '`Cookie: immich_access_token=chosen-beforehand`; gran opens a page',
      tell: async (ask) => {
        const chosen = 'immich_access_token=chosen-beforehand'
        const cookies = await openPage(ask, 'gran', [chosen])
        const isNew = !cookies.includes(chosen)
        return { did: 'a session with another id', wrong: isNew ? undefined : 'the chosen id was taken' }
      },
    }),
    storyCase({
      sent: 'gran and anna in turns, twenty requests',
      tell: async (ask) => {
        const turns = Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? 'gran' : 'anna'))
        const seen = await Promise.all(turns.map((as) => ask({ as })))
        const mixed = seen.filter(({ answer }, turn) => personIn(answer) !== `${turns[turn]}@home.example`)
        return {
          did: 'to each her own answer',
          wrong: mixed.length === 0 ? undefined : 'an answer of somebody else',
        }
      },
    }),
  ],
}

const sockets: Row = {
  id: 'C4',
  title: 'Sockets that outlive the session',
  cases: [
    storyCase({
      sent: 'gran’s open websocket, while she signs out elsewhere',
      tell: async (ask) => {
        const cookies = await openPage(ask, 'gran')
        const socket = openSocket(ask, cookies)
        await socket.open
        const started = Date.now()
        await ask({ as: 'gran', cookies, ...json('POST', '/api/auth/logout', {}) })
        const { answer } = await socket.ended
        const isFast = Date.now() - started < 2000
        const isRight = answer.status === 101 && isFast
        return {
          did: `${answer.status}, closed ${isFast ? 'within' : 'not even within'} two seconds`,
          wrong: isRight ? undefined : 'it outlived the session',
        }
      },
    }),
    storyCase({
      sent: 'a websocket without any session, past the portal with a made-up key',
      tell: async (ask) => {
        const seen = await ask({ path: socketPath, headers: [...upgrade, 'x-api-key: not-a-key'] })
        return { did: didIn(seen), wrong: seen.answer.status === 101 ? 'it was opened' : undefined }
      },
    }),
    storyCase({
      sent: 'a websocket that another site opens in gran’s browser',
      tell: async (ask) => {
        const cookies = await openPage(ask, 'gran')
        const foreign = [...upgrade, 'Origin: https://evil.example', 'Sec-Fetch-Site: cross-site']
        const seen = await ask({ path: socketPath, as: 'gran', cookies, headers: foreign })
        return { did: didIn(seen), wrong: seen.answer.status === 101 ? 'it was opened' : undefined }
      },
    }),
  ],
}

/** A client's first packet, `40` (socket.io: connect), masked as RFC 6455 wants it of clients. */
const connectPacket = '\x81\x82\0\0\0\x0040'

function openSocket(ask: Ask, cookies: readonly string[]) {
  let isOpen = (): void => undefined
  const open = new Promise<void>((resolve) => (isOpen = resolve))
  const rest = async () => {
    setTimeout(isOpen, 500)
    return new Promise<string>((resolve) => setTimeout(() => resolve(connectPacket), 250))
  }
  const headers = [...upgrade, ...ourOwn]
  return { open, ended: ask({ path: socketPath, as: 'gran', cookies, headers, rest }) }
}

const signingOut: Row = {
  id: 'C5',
  title: 'Signing out that does not',
  cases: [
    storyCase({
      sent: 'gran signs out; then the signed-out page, the portal still saying gran',
      tell: async (ask) => {
        const cookies = await openPage(ask, 'gran')
        const { answer } = await ask({ as: 'gran', cookies, ...json('POST', '/api/auth/logout', {}) })
        const page = await ask({ path: '/auth/signed-out', as: 'gran', cookies, headers: asPage })
        const clears = answer.headers.get('clear-site-data')?.[0] ?? 'nothing'
        const isRight = answer.status === 200 && sessionCookies(page.answer).length === 0
        return {
          did: `${answer.status}, on to ${String(jsonIn(answer)['redirectUri'])}; \`Clear-Site-Data: ${clears}\`; no session on the signed-out page`,
          wrong: isRight ? undefined : 'she was signed in again',
        }
      },
    }),
  ],
}

const redirects: Row = {
  id: 'C6',
  title: 'Open redirects on the way out',
  note: 'Where a sign-out leads is a setting, and nothing of the request.',
  cases: ['javascript:alert(1)', '//evil.example', 'https:evil.example', '/\\\\evil.example'].map(
    (signOutUrl) => settingCase({ signOutUrl }, 'needs no proxy: the settings refuse it'),
  ),
}

/** What a page of another site can make gran's browser send, her cookies and the portal's included. */
const foreignCalls = [
  { what: 'another site', headers: ['Sec-Fetch-Site: cross-site', 'Origin: https://evil.example'] },
  { what: 'a sibling site', headers: ['Sec-Fetch-Site: same-site', 'Origin: https://wiki.photos.test'] },
  { what: 'another site, in an old browser', headers: ['Origin: https://evil.example'] },
  { what: 'a sandboxed page', headers: ['Origin: null'] },
]

function foreignCase(
  what: string,
  request: Pick<FrontRequest, 'method' | 'path' | 'body' | 'headers'>,
): Case {
  return storyCase({
    sent: `\`${request.method} ${request.path}\` by ${what}`,
    tell: async (ask) => {
      const cookies = await openPage(ask, 'gran')
      const withCookie = await ask({ ...request, as: 'gran', cookies })
      const headerAlone = await ask({ ...request, as: 'gran' })
      const after = await ask({ as: 'gran', cookies })
      const isRight =
        [withCookie, headerAlone].every(({ answer }) => answer.status === 403) && after.answer.status === 200
      return {
        did: `${didIn(withCookie)}, with and without a session`,
        wrong: isRight ? undefined : 'it was done',
      }
    },
  })
}

const foreignSignOut: Row = {
  id: 'C7',
  title: 'Signing somebody out or in from another site',
  cases: ['/api/auth/logout', '/api/auth/trusted-header'].map((path) =>
    foreignCase('another site', { method: 'POST', path, headers: foreignCalls[0]?.headers ?? [] }),
  ),
}

const foreignWrites: Row = {
  id: 'C8',
  title: 'Writes from another site: the proxy vouches for everything a browser sends',
  cases: foreignCalls.map(({ what, headers }) =>
    foreignCase(what, json('POST', '/api/albums', { albumName: 'Not mine' }, headers)),
  ),
}

const caches: Row = {
  id: 'C9',
  title: 'A shared cache serves one person’s answer to another',
  cases: ['/api/users/me', '/api/albums', '/api/timeline/buckets?visibility=timeline', '/photos'].map(
    (path) =>
      storyCase({
        sent: `\`GET ${path}\`; the portal says: gran`,
        tell: async (ask) => {
          const { answer } = await ask({ path, as: 'gran', headers: path === '/photos' ? asPage : [] })
          const control = answer.headers.get('cache-control')?.join() ?? 'nothing'
          const isRight = answer.status === 200 && /private|no-store/.test(control)
          return {
            did: `\`Cache-Control: ${control}\``,
            wrong: isRight ? undefined : 'a cache may keep it for others',
          }
        },
      }),
  ),
}

const inBrowser: Row = {
  id: 'C10',
  title: 'What the browser itself keeps: its cache, the page before, service workers',
  cases: [],
  note: 'Measured with a real browser behind each of the four proxies by `e2e/specs/household-behind-*.test.ts`: after signing out, cache and storage are empty, going back and reloading ask the portal.',
}

const scripts: Row = {
  id: 'C11',
  title: 'A script’s request, when the portal’s session has ended',
  note: 'The web client takes each of these for “sign in again”, and asks for the page.',
  cases: [
    headerCase({
      sent: 'a request for JSON, nobody signed in at the portal',
      headers: ['X-Requested-With: XMLHttpRequest'],
      from: '127.0.0.2',
    }),
    headerCase({
      sent: 'the same; the portal answers 401 with a page',
      as: 'a page of its own, 401',
      from: '127.0.0.2',
    }),
    headerCase({
      sent: 'the same; the portal does not answer',
      as: 'nothing, it hangs up',
      from: '127.0.0.2',
    }),
  ],
}

const lost: Row = {
  id: 'C12',
  title: 'An upload that the end of a session cuts short',
  cases: [],
  note: 'Not measured here. An upload counts when all of it is there or not at all (`e2e/specs/cli-crash.test.ts`); nothing is sent again by itself.',
}

const frames: Row = {
  id: 'C13',
  title: 'Porchlight in another site’s frame',
  cases: [
    storyCase({
      sent: 'a page inside a frame of another site; the portal says: gran',
      tell: async (ask) => {
        const inFrame = [
          'Accept: text/html',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: iframe',
          'Sec-Fetch-Site: cross-site',
        ]
        const { answer } = await ask({ path: '/photos', as: 'gran', headers: inFrame })
        const policy = answer.headers.get('content-security-policy')?.join() ?? ''
        const ancestors = /frame-ancestors [^;]+/.exec(policy)?.[0] ?? 'no frame-ancestors'
        const isRight = sessionCookies(answer).length === 0 && ancestors !== 'no frame-ancestors'
        return {
          did: `${answer.status}, no session, \`${ancestors}\``,
          wrong: isRight ? undefined : 'it may be framed',
        }
      },
    }),
  ],
}

/** Section C: session, browser, cache. */
export const sessionAttacks: readonly Row[] = [
  switches,
  gone,
  fixation,
  sockets,
  signingOut,
  redirects,
  foreignSignOut,
  foreignWrites,
  caches,
  inBrowser,
  scripts,
  lost,
  frames,
]
