/** The little of oidc-provider that the tests use; the package comes without types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  type Interaction = { uid: string; prompt: { name: string } }
  type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }
  type Context = {
    body: unknown
    oidc: {
      client?: { clientId: string }
      session?: { accountId?: string }
      provider: { Grant: new (of: { clientId: string | undefined; accountId: string | undefined }) => Grant }
    }
  }

  export class Provider {
    proxy: boolean
    constructor(issuer: string, configuration: Record<string, unknown>)
    callback(): (request: IncomingMessage, answer: ServerResponse) => void
    interactionDetails(request: IncomingMessage, answer: ServerResponse): Promise<Interaction>
    interactionFinished(
      request: IncomingMessage,
      answer: ServerResponse,
      result: Record<string, unknown>,
    ): Promise<void>
    on(event: string, listener: (context: Context, error: Error) => void): this
  }

  export type { Context }
}
