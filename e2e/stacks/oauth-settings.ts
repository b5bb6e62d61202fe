const admin = { email: 'admin@home.example', password: 'lamp over the door', name: 'Admin' }

type Call = { method?: string; headers?: Record<string, string>; body?: unknown }

async function call(url: string, { method = 'POST', headers, body }: Call) {
  const answer = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

/** The first admin moves in. @returns an API key of hers */
export async function registerAdmin(app: string): Promise<string> {
  await call(`${app}/api/auth/admin-sign-up`, { body: admin })
  const { accessToken } = await call(`${app}/api/auth/login`, { body: admin })
  const headers = { authorization: `Bearer ${String(accessToken)}` }
  const made = await call(`${app}/api/api-keys`, { headers, body: { permissions: ['all'] } })
  return String(made['secret'])
}

/** Puts the issuer into the settings. By an API key, so that nothing is on probation. */
export async function putOauth(app: string, apiKey: string, changes: Record<string, unknown>): Promise<void> {
  const url = `${app}/api/system-config`
  const headers = { 'x-api-key': apiKey }
  const before = await call(url, { method: 'GET', headers })
  const oauth = { ...(before['oauth'] as object), enabled: true, allowInsecureRequests: true, ...changes }
  await call(url, { method: 'PUT', headers, body: { ...before, oauth } })
}
