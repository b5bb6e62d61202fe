import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

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

/** What a test does to a recipe before the proxy reads it. */
export type RecipeChange = {
  /** Turns on the recipe's line for the shared secret. */
  secret?: string | undefined
  /** Makes another recipe of it, such as a bad one. */
  change?: ((recipe: string) => string) | undefined
}

/**
 * The recipe itself, or a changed copy in the folder: with its line for the shared secret turned on (an empty line for the
 * same header gives way to it), or as the test wants it. @returns the path
 */
export function recipeFile(dir: string, path: string, { secret, change }: RecipeChange): string {
  const original = secret === undefined ? path : withSecret(dir, path, secret)
  if (!change) return original
  const copy = join(dir, `changed-${basename(path)}`)
  writeFileSync(copy, change(readFileSync(original, 'utf8')))
  return copy
}

function withSecret(dir: string, path: string, secret: string): string {
  const line = /^(\s*)#(.*Porchlight-Secret )"at least 32 random characters"/m
  const recipe = readFileSync(path, 'utf8')
  if (!line.test(recipe)) throw new Error(`${path} has no line for the shared secret any more`)
  const copy = join(dir, `with-secret-${basename(path)}`)
  writeFileSync(copy, recipe.replace(/^.*Porchlight-Secret '';\n/m, '').replace(line, `$1$2"${secret}"`))
  return copy
}
