import type { Place } from './sign-in-check.ts'

/**
 * Each kind of path in words, and what Porchlight does with an identity there: `read` where it counts, `open` where the
 * proxy lets requests past the login and it must not arrive, `public` where nobody is ever looked at.
 */
export const placeWords: Record<Place, { title: string; identity: 'read' | 'open' | 'public' }> = {
  page: { title: 'a page', identity: 'read' },
  api: { title: 'the API', identity: 'read' },
  websocket: { title: 'the websocket', identity: 'read' },
  'api-key': { title: 'the API with an API key', identity: 'open' },
  bearer: { title: 'the API with an app’s session', identity: 'open' },
  'link-key': { title: 'the API with the key of a shared link', identity: 'open' },
  'share-page': { title: 'the page of a shared link', identity: 'open' },
  'short-link': { title: 'a shared link by its short name', identity: 'open' },
  static: { title: 'a file of the web client', identity: 'public' },
  'app-file': { title: 'a program file of the web client', identity: 'public' },
  ping: { title: 'the question whether the server is up', identity: 'public' },
  'well-known': { title: 'the well-known path', identity: 'public' },
}
