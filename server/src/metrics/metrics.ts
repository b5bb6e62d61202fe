/** What the domains report of themselves. Cheap enough for every request, and nothing at all while nobody listens. */
export type Metrics = {
  /** The verdict on one request: `vouched`, or the reason code of a refusal. Codes are a closed set. */
  verdict(code: string): void
  /** A session or a request began by this method: `password`, `trusted-header`… */
  signedIn(method: string): void
  /** How to ask for the number of open live connections of this process. */
  watchSockets(count: () => number): void
}
