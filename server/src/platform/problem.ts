/**
 * A failure the client may read. Anything else that is thrown becomes a bare 500 and a log line.
 *
 * `code` is ours and stable; it is sent only where it says more than the status, because Immich's clients
 * compare error bodies exactly.
 */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly code: string | undefined
  /** Seconds after which it may go well; sent as `Retry-After`. */
  readonly retryAfter: number | undefined

  constructor(
    status: number,
    message: string,
    options: { code?: string; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.status = status
    this.code = options.code
    this.retryAfter = options.retryAfter
  }
}

export const badRequest = (message: string) => new Problem(400, message)
export const unauthenticated = (message = 'Authentication required', code?: string) =>
  new Problem(401, message, code === undefined ? {} : { code })
export const forbidden = (message = 'Forbidden', code?: string) =>
  new Problem(403, message, code === undefined ? {} : { code })
export const notFound = (message: string) => new Problem(404, message)

/** Immich answers 400, not 404, where a person may not touch a thing or it does not exist. */
export const noAccess = (permission: string) => badRequest(`Not found or no ${permission} access`)
