type FieldError = { path: readonly (string | number)[]; message: string }

/**
 * Errors by the field they belong beside: the longest listed path that an error's path begins with.
 * What belongs to none is joined under `''`, so that nothing is swallowed.
 */
export function errorsByField(
  errors: readonly FieldError[],
  fields: readonly string[],
): Record<string, string> {
  const found: Record<string, string> = {}
  for (const { path, message } of errors) {
    const dotted = path.join('.')
    const field = fields
      .filter((candidate) => dotted === candidate || dotted.startsWith(`${candidate}.`))
      .sort((a, b) => b.length - a.length)[0]
    const text = field === undefined && dotted !== '' ? `${dotted}: ${message}` : message
    const key = field ?? ''
    found[key] = key in found ? `${found[key]} ${text}` : text
  }
  return found
}
