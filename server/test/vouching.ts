import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { asCookieHeader, type Answer } from './http-call.ts'
import { startServer, type TestServer } from './start-server.ts'

/** A config file with this section of trusted-header sign-in, on and trusting the proxy of the tests. */
export function fileWith(section: Record<string, unknown>, others: Record<string, unknown> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const trustedHeader = { enabled: true, networks: ['127.0.0.1/32'], ...section }
  writeFileSync(join(folder, 'porchlight.json'), JSON.stringify({ ...others, trustedHeader }))
  return join(folder, 'porchlight.json')
}

/** A server with an admin, and these settings of trusted-header sign-in. */
export async function householdWith(
  section: Record<string, unknown>,
  environment: Record<string, string> = {},
): Promise<TestServer> {
  const server = await startServer({
    environment: { PORCHLIGHT_CONFIG_FILE: fileWith(section), ...environment },
  })
  await server.signUpAdmin()
  return server
}

/** Who a request with these headers from the proxy is taken for. */
export const asks = (server: TestServer, headers: Record<string, string>): Promise<Answer> =>
  server.call({ path: '/api/users/me', headers })

export const outcome = ({ status, body }: Answer) => ({ ...(body as object), status })

/** A browser behind the proxy opens a page and keeps its cookies. */
export async function opensPage(server: TestServer, headers: Record<string, string>): Promise<string> {
  const page = { accept: 'text/html', 'sec-fetch-dest': 'document', ...headers }
  return asCookieHeader((await server.call({ path: '/photos', headers: page })).cookies)
}

/** What the audit holds, oldest first. */
export async function auditOf({ app }: TestServer) {
  await app.audit.flush()
  const rows = await app.db.selectFrom('audit_events').selectAll().orderBy('first_at').orderBy('id').execute()
  return rows.map(({ kind, code, email, method, peer, count }) => ({
    kind,
    code,
    email,
    method,
    peer,
    count,
  }))
}
