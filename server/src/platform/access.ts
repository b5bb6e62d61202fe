/**
 * Who may call a route. Every route under `/api` declares one; a route without it stops the start.
 *
 * - `public`: nobody is looked at
 * - `identity`: asks the proxy's word itself; cookies and keys are not looked at
 * - `share`: whom a shared link lets in, and anybody signed in as below. The route says itself what the link reaches
 * - `user`: anybody signed in; an API key needs `permission` (undefined: only a key with `all`; false: any key)
 * - `admin`: an admin, with the same rule for API keys
 */
export type Access = { class: 'public' | 'identity' } | GuardedAccess
export type GuardedAccess = { class: 'share' | 'user' | 'admin'; permission: string | false | undefined }

export const open: Access = { class: 'public' }
export const byIdentity: Access = { class: 'identity' }
export const signedIn = (permission?: string | false): Access => ({ class: 'user', permission })
export const alsoByLink = (permission?: string | false): Access => ({ class: 'share', permission })
export const adminOnly = (permission?: string | false): Access => ({ class: 'admin', permission })

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
}
