/** The few calls of the HTTP API that a demo household or a test needs. Each throws on an unexpected answer. */
export type HouseholdApi = {
  get: <T>(path: string) => Promise<T>
  post: <T>(path: string, body?: unknown) => Promise<T>
  put: <T>(path: string, body: unknown) => Promise<T>
  /** @returns the asset's id, also when it was there already */
  upload: (file: {
    name: string
    bytes: Uint8Array
    takenAt: Date
  }) => Promise<{ id: string; status: string }>
}

/** @param baseUrl without a slash at the end  @param headers the credential, such as `x-api-key` */
export function householdApi(baseUrl: string, headers: Record<string, string> = {}): HouseholdApi {
  const call = async <T>(
    method: string,
    path: string,
    init: { json?: unknown; form?: FormData },
  ): Promise<T> => {
    const asJson = init.json === undefined ? {} : { 'content-type': 'application/json' }
    const answer = await fetch(`${baseUrl}/api${path}`, {
      method,
      headers: { accept: 'application/json', ...asJson, ...headers },
      body: init.form ?? (init.json === undefined ? null : JSON.stringify(init.json)),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    get: (path) => call('GET', path, {}),
    post: (path, body) => call('POST', path, { json: body }),
    put: (path, body) => call('PUT', path, { json: body }),
    upload: ({ name, bytes, takenAt }) => {
      const form = new FormData()
      form.set('fileCreatedAt', takenAt.toISOString())
      form.set('fileModifiedAt', takenAt.toISOString())
      form.set('assetData', new Blob([Uint8Array.from(bytes)]), name)
      return call('POST', '/assets', { form })
    },
  }
}
