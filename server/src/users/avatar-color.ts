export const avatarColors = [
  'primary',
  'pink',
  'red',
  'yellow',
  'blue',
  'green',
  'purple',
  'orange',
  'gray',
  'amber',
] as const

/** The colour Immich's clients would pick for this address: the sum of its code points, modulo ten. */
export function avatarColorFor(email: string): string {
  const sum = Array.from(email).reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0)
  return avatarColors[sum % avatarColors.length] ?? 'primary'
}
