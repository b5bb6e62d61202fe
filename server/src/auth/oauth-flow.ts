import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { SettingsInForce } from '../config/settings.ts'
import { plainText } from '../platform/plain-text.ts'
import type { loginResponse } from './sign-in-wire.ts'

const state = z.string().min(1).max(512)
/** RFC 7636, sections 4.1 and 4.2. */
const codeVerifier = z.string().regex(/^[\w.~-]{43,128}$/)
const codeChallenge = z.string().regex(/^[\w-]{43}$/)

export const authorizeBody = z
  .object({
    redirectUri: plainText(2048),
    state: state.optional(),
    codeChallenge: codeChallenge.optional(),
  })
  .meta({ id: 'OAuthConfigDto' })

export const authorizeResponse = z.object({ url: z.string() }).meta({ id: 'OAuthAuthorizeResponseDto' })

export const callbackBody = z
  .object({
    url: plainText(8192).min(1),
    state: state.optional(),
    codeVerifier: codeVerifier.optional(),
  })
  .meta({ id: 'OAuthCallbackDto' })

/** One request to a flow, with the settings that are in force for it. */
export type OauthCall<Body> = {
  request: FastifyRequest
  reply: FastifyReply
  inForce: SettingsInForce
  body: Body
}

/** Signing in by way of another page, as Immich's clients know it: they open an address, and come back with a code. */
export type OauthFlow = {
  /** Whether this flow is the one that answers now. */
  isOn(inForce: SettingsInForce): boolean
  authorize(call: OauthCall<z.infer<typeof authorizeBody>>): Promise<z.infer<typeof authorizeResponse>>
  callback(call: OauthCall<z.infer<typeof callbackBody>>): Promise<z.infer<typeof loginResponse>>
}
