import type { Probation, ProbationAnswer } from './probation-watch.ts'

/** Beside the API client, since a 401 here must not start the page over: it is what is being watched for. */
export type ProbationApi = {
  ask: () => Promise<ProbationAnswer>
  /** Undefined when it was done; else why not. */
  confirm: (id: string) => Promise<string | undefined>
  undo: (id: string) => Promise<string | undefined>
}

const place = '/api/system-config/probation'
const noAnswer = 'Porchlight does not answer right now.'

export function createProbationApi(fetch: typeof globalThis.fetch): ProbationApi {
  const call = (path: string, body?: unknown) =>
    fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        Accept: 'application/json',
        'X-Requested-With': 'XMLHttpRequest',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      credentials: 'same-origin',
    })

  async function act(what: string, id: string): Promise<string | undefined> {
    const answer = await call(`${place}/${what}`, { id }).catch(() => undefined)
    if (answer?.ok) return undefined
    const body = (await answer?.json().catch(() => undefined)) as { message?: string } | undefined
    return body?.message ?? noAnswer
  }

  return {
    async ask() {
      const answer = await call(place).catch(() => undefined)
      if (!answer || answer.status >= 500) return { failed: 'unreachable' }
      const isJson = answer.headers.get('Content-Type')?.includes('json') ?? false
      if (!answer.ok || !isJson) return { failed: 'locked-out' }
      return { probation: (await answer.json()) as Probation | null }
    },
    confirm: (id) => act('confirm', id),
    undo: (id) => act('undo', id),
  }
}
