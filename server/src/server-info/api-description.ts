import fastifySwagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { open, type Access } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { tidyDescription } from './tidy-description.ts'
import { porchlightVersion } from './version.ts'

/** `GET /api/openapi.json`: the API described from the very schemas that check it. Register before the routes. */
export async function describeApi(app: HttpServer): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.0.3',
      info: {
        title: 'Porchlight',
        description: "The part of Immich's HTTP API that Porchlight speaks, and a little of its own.",
        version: porchlightVersion,
      },
      components: {
        securitySchemes: {
          cookie: { type: 'apiKey', in: 'cookie', name: 'immich_access_token' },
          bearer: { type: 'http', scheme: 'bearer' },
          apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        },
      },
    },
    transform: (given) => {
      const { schema, url } = jsonSchemaTransform(given)
      return { url, schema: { ...schema, ...credentialsFor(given.route.config?.access) } }
    },
    transformObject: (document) => tidyDescription(jsonSchemaTransformObject(document)),
  })
  app.get('/api/openapi.json', { config: { access: open }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
}

/** Which credentials a call takes, and which permission a key needs for it. */
function credentialsFor(access: Access | undefined) {
  if (!access || !('permission' in access)) return {}
  const { permission = 'all', class: callers } = access
  const key = permission === false ? 'any' : `\`${permission}\``
  return {
    security: [{ cookie: [] }, { bearer: [] }, { apiKey: [] }],
    description: `${callers === 'admin' ? 'For admins. ' : ''}Permission of an API key: ${key}.`,
  }
}
