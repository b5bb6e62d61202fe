export type Swipe = { dx: number; dy: number; milliseconds: number; width: number }

/** Where a finger that let go wants to be: a picture further, a picture back, out (downwards), or where it was. */
export function swipeOutcome({ dx, dy, milliseconds, width }: Swipe): 'older' | 'newer' | 'close' | 'stay' {
  const speed = (distance: number): number => Math.abs(distance) / Math.max(milliseconds, 1)
  const sideways = Math.abs(dx) > Math.abs(dy)
  const far = (distance: number): boolean =>
    Math.abs(distance) > width / 4 || (Math.abs(distance) > 30 && speed(distance) > 0.5)

  if (sideways && far(dx)) return dx < 0 ? 'older' : 'newer'
  if (!sideways && dy > 0 && far(dy)) return 'close'
  return 'stay'
}
