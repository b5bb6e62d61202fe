import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { ensureWebBuild } from './web-build.ts'

/** `npm start`: builds the web client when its sources are newer than the build, then runs the server in this process. */
const root = join(import.meta.dirname, '..')

// Compiled code is kept between starts: less to do, and some 25 MB less memory.
enableCompileCache(join(root, 'node_modules/.cache/porchlight'))
await ensureWebBuild(root)
await import('../server/src/main.ts')
