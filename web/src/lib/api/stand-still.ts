let until = 0

/**
 * Keeps the page where it is although it may not be let in: while sign-in settings are tried out, that is what an admin
 * waits to see the end of. Another person's arrival starts the page over all the same.
 *
 * @param time milliseconds since 1970; 0 ends it
 */
export function standStill(time: number): void {
  until = time
}

export const standsStill = (): boolean => Date.now() < until
