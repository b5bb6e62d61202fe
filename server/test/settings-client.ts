import type { Answer } from './http-call.ts'
import type { TestServer } from './start-server.ts'

type Headers = Record<string, string>
type Sections = Record<string, Record<string, unknown>>

const path = '/api/system-config'

/** Changes sections of the settings; what is about signing in is on probation then. */
export async function tryOutSettings(
  { call }: TestServer,
  headers: Headers,
  sections: Sections,
): Promise<Answer> {
  const document = (await call({ path, headers })).body as Sections
  const body = { ...document }
  for (const [name, changes] of Object.entries(sections)) body[name] = { ...document[name], ...changes }
  return call({ method: 'PUT', path, headers, body })
}

/** Undefined where none runs. */
export async function endProbation(
  { call }: TestServer,
  headers: Headers,
  how: 'confirm' | 'undo',
): Promise<Answer | undefined> {
  const running = (await call({ path: `${path}/probation`, headers })).body as { id: string } | null
  if (!running) return undefined
  return call({ method: 'POST', path: `${path}/probation/${how}`, headers, body: { id: running.id } })
}

/** Changes them for good. */
export async function changeSettings(
  server: TestServer,
  headers: Headers,
  sections: Sections,
): Promise<Answer> {
  const answer = await tryOutSettings(server, headers, sections)
  await endProbation(server, headers, 'confirm')
  return answer
}
