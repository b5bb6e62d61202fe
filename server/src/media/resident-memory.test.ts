import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { residentMemory } from './resident-memory.ts'

test('the memory of a process counts with that of the programs it has started', async () => {
  const program = "process.held = Buffer.alloc(100e6, 1); console.log('ready'); setInterval(() => {}, 1e6)"
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(program)}], { stdio: 'inherit' })`
  const child = spawn(process.execPath, ['-e', parent], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  try {
    await once(child.stdout, 'data')
    expect(await residentMemory(child.pid ?? 0)).toBeGreaterThan(150e6)
    expect(await residentMemory(process.pid)).toBeGreaterThan(20e6)
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
})

test('a process that is gone has none', async () => {
  expect(await residentMemory(2 ** 22 + 1)).toBe(0)
})
