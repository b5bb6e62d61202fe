const attempts = 7

/** Milliseconds to wait before asking for a thumbnail again (1 s, 2 s, 4 s … 64 s); undefined: give up. */
export const retryDelay = (attempt: number): number | undefined =>
  attempt < attempts ? 1_000 * 2 ** attempt : undefined
