type Calls = Record<string, { operationId?: string }>
type Description = { paths?: object; components?: { schemas?: object } }

const prefix = '#/components/schemas/'

/**
 * Makes a generated description fit for code generators: each call has a name of its own, and each schema that is used
 * is there once, under the name that Immich's clients know.
 */
export function tidyDescription<T extends Description>(document: T): T {
  const tidy = JSON.parse(JSON.stringify(document)) as T
  nameCalls((tidy.paths ?? {}) as Record<string, Calls>)
  return withSimpleNames(withUsedSchemas(tidy))
}

/** `PUT /api/users/{id}` becomes `putUsersId`. */
function nameCalls(paths: Record<string, Calls>): void {
  for (const [path, calls] of Object.entries(paths)) {
    const words = path.replace(/^\/api/, '').match(/[A-Za-z0-9]+/g) ?? []
    const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
    for (const [method, call] of Object.entries(calls)) call.operationId = method + name
  }
}

/** Every schema is generated for asking and for answering; most are used for one of the two. */
function withUsedSchemas<T extends Description>(document: T): T {
  const schemas = Object.entries(document.components?.schemas ?? {})
  const everything = JSON.stringify(document)
  const used = schemas.filter(([name]) => everything.includes(`"${prefix}${name}"`))
  const fewer = { ...document, components: { ...document.components, schemas: Object.fromEntries(used) } }
  return used.length === schemas.length ? document : withUsedSchemas(fewer)
}

/** `LoginCredentialDtoInput` is `LoginCredentialDto` where nothing answers with it. */
function withSimpleNames<T extends Description>(document: T): T {
  const names = new Set(Object.keys(document.components?.schemas ?? {}))
  let text = JSON.stringify(document)
  for (const name of names) {
    const simple = name.replace(/Input$/, '')
    if (simple === name || names.has(simple)) continue
    text = text
      .replaceAll(`"${prefix}${name}"`, `"${prefix}${simple}"`)
      .replace(`"${name}":{`, `"${simple}":{`)
  }
  return JSON.parse(text) as T
}
