import type { BrowserAnswer, PlannedProbe } from './check-types.ts'

type Ports = { fetch: typeof fetch; onProgress: (done: number) => void }

/** So that a proxy that counts requests does not take the check for an attack. */
const atOnce = 4

/** Sends what the server planned, from this browser, and notes what came back. Never throws: no answer is one as well. */
export async function sendProbes(
  plan: readonly PlannedProbe[],
  { fetch, onProgress }: Ports,
): Promise<BrowserAnswer[]> {
  const answers: BrowserAnswer[] = []
  const left = [...plan]

  async function work(): Promise<void> {
    for (let probe = left.shift(); probe; probe = left.shift()) {
      answers.push(await sendProbe(probe, fetch))
      onProgress(answers.length)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return answers
}

async function sendProbe(probe: PlannedProbe, send: typeof fetch): Promise<BrowserAnswer> {
  const { id, method, path, headers, credentials } = probe
  try {
    const answer = await send(path, { method, headers, credentials, redirect: 'manual', cache: 'no-store' })
    await answer.body?.cancel()
    return { id, status: answer.status, ...told(answer.headers) }
  } catch (thrown) {
    return { id, status: 0, failed: thrown instanceof Error ? thrown.message.slice(0, 500) : 'no answer' }
  }
}

function told(headers: Headers): Partial<BrowserAnswer> {
  const [saw, server, via] = ['X-Porchlight-Saw', 'Server', 'Via'].map((name) => headers.get(name))
  return {
    ...(saw && { saw }),
    ...(server && { server: server.slice(0, 200) }),
    ...(via && { via: via.slice(0, 200) }),
  }
}
