import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Settings, SettingsInForce } from '../config/settings.ts'
import { appScheme } from '../openid-connect/openid-connect.ts'
import { open } from '../platform/access.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest } from '../platform/problem.ts'
import { authorizeBody, authorizeResponse, callbackBody, type OauthFlow } from './oauth-flow.ts'
import { refuseForeignSite } from './same-origin.ts'
import { loginResponse } from './sign-in-wire.ts'

type Ports = {
  settings: Settings
  /** The first that is on answers. */
  flows: readonly OauthFlow[]
}

const tags = ['oauth']

/** Signing in by way of another page, under the names Immich's clients know. */
export function oauthRoutes(app: HttpServer, { settings, flows }: Ports): void {
  app.post(
    '/api/oauth/authorize',
    {
      config: { access: open },
      schema: { tags, body: authorizeBody, response: { 201: authorizeResponse } },
    },
    async (request, reply) => {
      const { flow, inForce } = await flowFor(request)
      const { body } = request
      return reply.status(201).send(await flow.authorize({ request, reply, inForce, body }))
    },
  )

  app.post(
    '/api/oauth/callback',
    { config: { access: open }, schema: { tags, body: callbackBody, response: { 201: loginResponse } } },
    async (request, reply) => {
      const { flow, inForce } = await flowFor(request)
      const { body } = request
      return reply.status(201).send(await flow.callback({ request, reply, inForce, body }))
    },
  )

  // Issuers that refuse the scheme of an app send phones here, and we send them on; nowhere else.
  for (const url of ['/api/oauth/mobile-redirect', '/oauth/mobile-redirect'])
    app.get(url, { config: { access: open }, schema: { tags, hide: !url.startsWith('/api') } }, sendToApp)

  async function flowFor(request: FastifyRequest): Promise<{ flow: OauthFlow; inForce: SettingsInForce }> {
    const inForce = await settings.current()
    const foreign = refuseForeignSite(request.headers, inForce.config.server.externalDomain)
    if (foreign) throw foreign
    const flow = flows.find((one) => one.isOn(inForce))
    if (!flow) throw badRequest('OAuth is not enabled')
    return { flow, inForce }
  }
}

async function sendToApp(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const [, query = ''] = /(\?.*)$/s.exec(request.url) ?? []
  await reply.header('Cache-Control', 'no-store').redirect(appScheme + query, 307)
}
