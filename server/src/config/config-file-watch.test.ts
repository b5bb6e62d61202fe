import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { StartProblem } from '../platform/environment.ts'
import { createLogger } from '../platform/logger.ts'
import { openConfigFile } from './config-file-watch.ts'

async function watch(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-watch-'))
  const path = join(folder, 'porchlight.yaml')
  writeFileSync(path, text)
  let log = ''
  const sink = new Writable({ write: (chunk, _, done) => ((log += String(chunk)), done()) })
  const file = await openConfigFile(path, createLogger('info', sink))
  const taken: unknown[] = []
  file.follow((layer) => {
    if (JSON.stringify(layer.document).includes('refuse me')) throw new StartProblem(`${path}, line 2: no`)
    taken.push(layer.document)
  })
  onTestFinished(() => {
    file.close()
    rmSync(folder, { recursive: true })
  })
  return { path, file, taken, log: () => log }
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 4000
  while (!isSo() && Date.now() < end) await pause(20)
  expect(isSo()).toBe(true)
}

test('a change to the file is handed on, however the editor writes it', async () => {
  const { path, file, taken } = await watch('trash:\n  days: 1\n')
  expect(file.layer.document).toEqual({ trash: { days: 1 } })
  writeFileSync(path, 'trash:\n  days: 22\n')
  await until(() => taken.length === 1)
  writeFileSync(`${path}.new`, 'trash:\n  days: 333\n')
  renameSync(`${path}.new`, path)
  await until(() => taken.length === 2)
  expect(taken).toEqual([{ trash: { days: 22 } }, { trash: { days: 333 } }])
  expect(file.problem).toBeUndefined()
})

test('what is not valid is said with its line, and mended is mended', async () => {
  const { path, file, taken, log } = await watch('trash:\n  days: 1\n')
  writeFileSync(path, 'server:\n  loginPageMessage: refuse me\n')
  await until(() => file.problem !== undefined)
  expect(file.problem).toEqual({ message: `${path}, line 2: no`, line: 2 })
  expect(log()).toContain('the settings stay as they were')
  writeFileSync(path, 'trash: [1\n')
  await until(() => file.problem?.message.includes('is not valid YAML') === true)
  rmSync(path)
  await until(() => file.problem?.message.includes('cannot be read') === true)
  writeFileSync(path, 'trash:\n  days: 4444\n')
  await until(() => taken.length === 1)
  expect(file.problem).toBeUndefined()
})

test('a file that is still being written is waited for', async () => {
  const { path, taken } = await watch('trash:\n  days: 1\n')
  let text = 'trash:\n  days: 2\n'
  for (let part = 0; part < 12; part++) {
    text += `# ${part}\n`
    writeFileSync(path, text)
    await pause(120)
  }
  writeFileSync(path, `${text}trustedHeader:\n  memberGroup: family\n`)
  await until(() => taken.length > 0)
  await pause(1200)
  expect(taken).toEqual([{ trash: { days: 2 }, trustedHeader: { memberGroup: 'family' } }])
})
