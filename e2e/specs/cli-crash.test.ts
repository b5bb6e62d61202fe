import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { householdApi } from '../../scripts/household-api.ts'
import { moveIn } from '../../scripts/household-people.ts'
import { inspectDataFolder } from '../stacks/data-folder.ts'
import { holidayPhotos } from '../stacks/holiday-photos.ts'
import { immichCli } from '../stacks/immich-cli.ts'
import type { Cli } from '../stacks/immich-cli.ts'
import { wholeLibrary } from '../stacks/library.ts'
import { watchMemory } from '../stacks/memory-watch.ts'
import type { MemoryPeak } from '../stacks/memory-watch.ts'
import { startPorchlight } from '../stacks/porchlight.ts'
import type { Porchlight } from '../stacks/porchlight.ts'
import { startRecorder } from '../stacks/recorder.ts'
import type { Recorder } from '../stacks/recorder.ts'
import { openStage } from '../stacks/stage.ts'

const memoryLimit = 400
const minute = 60_000

/** Two hundred photos of 12 MP by Immich's command line, and a crash when about half of them are through. */
describe('a holiday that is uploaded while the server crashes', () => {
  const stage = openStage()
  let folder: string
  let server: Porchlight
  let recorder: Recorder
  let apiKey: string
  let cli: Cli
  const peaks: MemoryPeak[] = []
  const upload = () => cli.run('upload', '--recursive', '--no-progress', '--concurrency', '4', folder)
  const gransApi = () => householdApi(server.url, { 'x-api-key': apiKey })

  beforeAll(async () => {
    folder = await holidayPhotos()
    server = await startPorchlight(stage)
    apiKey = (await moveIn(server.url)).gran.apiKey
    recorder = await startRecorder(stage, server.port)
    cli = immichCli(stage.folder('cli'))
    await cli.run('login', recorder.url, apiKey)
  }, 3 * minute)

  test(
    'after kill -9 in the middle, every photo that was acknowledged is there and whole',
    async () => {
      const memory = watchMemory(server.pid)
      const uploading = upload()
      await expect.poll(() => recorder.created.length, { timeout: 3 * minute }).toBeGreaterThan(90)
      await server.stop('SIGKILL')
      await uploading
      peaks.push(memory.stop())

      server = await startPorchlight(stage, { name: 'porchlight-again', dataDir: server.dataDir })
      recorder.passTo(server.port)
      expect(recorder.created.length).toBeLessThan(200)
      expect(await damaged(recorder.created)).toEqual([])
    },
    5 * minute,
  )

  test(
    'the same upload again brings the rest, and in the end all are whole and have a thumbnail',
    async () => {
      const memory = watchMemory(server.pid)
      const { code, output } = await upload()
      expect(output).toMatch(/Successfully uploaded \d+ new assets/)
      expect(code).toBe(0)
      const unready = async () => (await wholeLibrary(gransApi())).filter(({ ready }) => !ready).length
      await expect.poll(unready, { timeout: 5 * minute, interval: 2000 }).toBe(0)

      const ids = (await wholeLibrary(gransApi())).map(({ id }) => id)
      expect(ids).toHaveLength(200)
      expect(ids).toEqual(expect.arrayContaining(recorder.created))
      expect(await damaged(ids)).toEqual([])
      expect(await withoutPicture(ids)).toEqual([])
      peaks.push(memory.stop())
    },
    8 * minute,
  )

  test('no file in the data folder belongs to nothing, and none is missing', async () => {
    await server.stop()
    expect(inspectDataFolder(server.dataDir)).toEqual({ stray: [], missing: [] })
  })

  test(`the server with its helpers never took ${memoryLimit} MiB`, () => {
    console.log('Memory in MiB, before and after the crash:', peaks)
    expect(peaks.filter(({ alone, togetherOnce }) => alone > 0 && togetherOnce > 0)).toHaveLength(2)
    expect(peaks.filter(({ togetherOnce }) => togetherOnce >= memoryLimit)).toEqual([])
    expect(peaks.filter(({ alone }) => alone >= memoryLimit)).toEqual([])
  })

  /** Those of the assets that do not come back byte for byte as they are on the card. */
  async function damaged(ids: string[]): Promise<string[]> {
    const found: string[] = []
    for (const id of ids) {
      const { originalFileName } = await gransApi().get<{ originalFileName: string }>(`/assets/${id}`)
      const original = await read(`/assets/${id}/original`)
      if (sha1(original) !== sha1(readFileSync(join(folder, originalFileName)))) found.push(originalFileName)
    }
    return found
  }

  async function withoutPicture(ids: string[]): Promise<string[]> {
    const found: string[] = []
    for (const id of ids) {
      const picture = await read(`/assets/${id}/thumbnail`)
      if (picture.length < 200) found.push(id)
    }
    return found
  }

  async function read(path: string): Promise<Buffer> {
    const answer = await fetch(`${server.url}/api${path}`, { headers: { 'x-api-key': apiKey } })
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : Buffer.alloc(0)
  }
})

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')
