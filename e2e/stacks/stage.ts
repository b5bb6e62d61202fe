import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { startProgram } from './child-program.ts'
import type { Program, ProgramSpec } from './child-program.ts'

/** Where the programs of one test file play: a folder of its own, and all that was started. */
export type Stage = {
  dir: string
  /** A fresh folder below `dir`. */
  folder: (name: string) => string
  start: (spec: Omit<ProgramSpec, 'logFile'>) => Promise<Program>
  /** Something else to put away at the end, such as a browser; the last one goes first. */
  atTheEnd: (tidy: () => Promise<void>) => void
}

/**
 * Opens a stage for the test file that calls it, at its top level. When a test fails, the logs of all programs
 * are printed; after the last test every program is stopped by its pid and the folder is removed.
 */
export function openStage(): Stage {
  const dir = mkdtempSync(join(tmpdir(), 'porchlight-e2e-'))
  const programs: Program[] = []
  const tidyUps: (() => Promise<void>)[] = []

  afterEach(({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const { name, log } of programs)
      console.error(`\n--- ${name} (end of its log)\n${log().slice(-3000)}`)
  })
  afterAll(async () => {
    for (const tidy of tidyUps.toReversed()) await tidy()
    rmSync(dir, { recursive: true, force: true })
  })

  return {
    dir,
    folder: (name) => {
      const path = join(dir, name)
      mkdirSync(path, { recursive: true })
      return path
    },
    start: async (spec) => {
      const program = await startProgram({ ...spec, logFile: join(dir, `${spec.name}.log`) })
      programs.push(program)
      tidyUps.push(() => program.stop())
      return program
    },
    atTheEnd: (tidy) => void tidyUps.push(tidy),
  }
}
