/**
 * Replaces in a recipe what a household would replace. A line that is no longer there is an error, not a surprise.
 * @param name of the recipe, for the message
 */
export function fillIn(name: string, recipe: string, replacements: readonly [string, string][]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${name} has no "${from}" any more`)
    return text.replaceAll(from, to)
  }, recipe)
}
