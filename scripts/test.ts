import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './checks.ts'
import { startPostgres } from './postgres-cluster.ts'
import { ensureTestPrograms } from './test-setup.ts'
import { ensureWebBuild } from './web-build.ts'

/**
 * `npm test`: everything that must pass. Checks, unit tests, integration tests on SQLite and on PostgreSQL, and the real
 * proxies, portal, browser and CLI. The last line counts.
 */
type Count = { passed: number; failed: number; skipped: number }

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'porchlight-npm-test-'))
const counts: [title: string, count: Count, seconds: number][] = []

async function ring(title: string, run: () => Count | Promise<Count>): Promise<void> {
  console.log(`\n── ${title}`)
  const started = Date.now()
  counts.push([title, await run(), Math.round((Date.now() - started) / 1000)])
}

/** One vitest project; a run that ends without its report counts as one failure. */
function vitest(project: string, environment: Record<string, string> = {}): Count {
  const report = join(scratch, `${counts.length}.json`)
  const { status } = spawnSync(
    'vitest',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...environment } },
  )
  const count = readReport(report)
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

function readReport(file: string): Count {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

async function onPostgres(): Promise<Count> {
  const server = await startPostgres()
  try {
    return vitest('integration', { TEST_DATABASE_URL: server.url })
  } finally {
    await server.stop()
  }
}

ensureTestPrograms()
await ensureWebBuild(root)
await ring('checks', () => ({ ...runChecks(root), skipped: 0 }))
await ring('unit tests', () => vitest('unit'))
await ring('integration tests on SQLite', () => vitest('integration'))
await ring('integration tests on PostgreSQL', onPostgres)
await ring('end-to-end tests', () => vitest('e2e'))
rmSync(scratch, { recursive: true, force: true })

console.log('')
for (const [title, { passed, failed, skipped }, seconds] of counts) {
  console.log(`${title}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`)
}
const total = (key: keyof Count) => counts.reduce((sum, [, count]) => sum + count[key], 0)
console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
process.exit(total('failed') === 0 ? 0 : 1)
