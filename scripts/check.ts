import { join } from 'node:path'
import { runChecks } from './checks.ts'

/** `npm run check`: types, lint, format, import direction, unused code. */
const { failed } = runChecks(join(import.meta.dirname, '..'))
process.exit(failed === 0 ? 0 : 1)
