import { spawnSync } from 'node:child_process'

/** What a tool says about the code without running it. The import direction is a unit test: `architecture.test.ts`. */
const checks: readonly (readonly [title: string, command: string])[] = [
  // First, since it makes the tsconfig that the linter reads.
  ['types of the web client', 'npm run check --workspace web --silent'],
  ['types', 'tsc -p tsconfig.json'],
  ['lint', 'oxlint --type-aware'],
  ['format', 'oxfmt --check .'],
  ['format of the web client', "prettier --check 'web/src/**/*.svelte'"],
  ['import direction', 'vitest run --project unit server/src/architecture.test.ts'],
  ['unused code', 'knip'],
]

/** Runs every check and shows what the failing ones say. */
export function runChecks(root: string): { passed: number; failed: number } {
  let failed = 0
  for (const [title, command] of checks) {
    const { status, stdout, stderr } = spawnSync(command, { cwd: root, shell: true, encoding: 'utf8' })
    console.log(`${status === 0 ? '✓' : '✗'} ${title}`)
    if (status === 0) continue
    failed++
    console.log(`${stdout}${stderr}`.trim())
  }
  return { passed: checks.length - failed, failed }
}
