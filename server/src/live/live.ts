import type { Duplex } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import type { Problem } from '../platform/problem.ts'

/** For whom a socket is open, and by what: it lives no longer than that. */
export type Admitted = { userId: string } & (
  | { by: 'session'; sessionId: string; method: 'password' | 'trusted-header' | 'oauth' | 'device' }
  | { by: 'api-key'; apiKeyId: string }
)

export type Admission = { admitted: Admitted } | { refused: Problem }

/** The sessions and API keys that open sockets came by. */
export type Held = { sessionIds: readonly string[]; apiKeyIds: readonly string[] }

/** What a socket tells its person, in the words of Immich's clients. */
export type LiveEvent =
  /** Payload: the asset. Its pictures are made. */
  | 'on_upload_success'
  | 'on_asset_update'
  /** Payload: ids. */
  | 'on_asset_trash'
  | 'on_asset_restore'
  /** Payload: one id. Hidden: it went into the locked folder. */
  | 'on_asset_hidden'
  | 'on_asset_delete'

/** Tells a person's open sockets of this process; nobody listening is no error. */
export type Tell = (userId: string, event: LiveEvent, payload: unknown) => void

/** Open sockets of people who are signed in: what changes is told to them, and they end with their session. */
export type Live = {
  tell: Tell
  /** Takes over a request that wants to be a websocket, also from a second listener. Never throws. */
  takeUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends the sockets of these sessions at once. */
  sessionsEnded(sessionIds: readonly string[]): void
  /** Ends the sockets that came by this key: its secret is another one now. */
  apiKeyReplaced(apiKeyId: string): void
  /** How many sockets are open in this process. */
  count(): number
  close(): Promise<void>
}
