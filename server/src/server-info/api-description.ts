import fastifySwagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { open } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
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
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  app.get('/api/openapi.json', { config: { access: open }, schema: { hide: true } }, async () =>
    app.swagger(),
  )
}
