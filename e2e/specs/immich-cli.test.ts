import { beforeAll, describe, expect, test } from 'vitest'
import type { HouseholdApi } from '../../scripts/household-api.ts'
import { startCaddy } from '../stacks/caddy.ts'
import { fillCameraCard } from '../stacks/camera-card.ts'
import { immichCli } from '../stacks/immich-cli.ts'
import type { Cli } from '../stacks/immich-cli.ts'
import { wholeLibrary } from '../stacks/library.ts'
import { openStage } from '../stacks/stage.ts'
import { buildStreet } from '../stacks/street.ts'
import type { Street } from '../stacks/street.ts'

type Statistics = { images: number; videos: number; total: number }
type Album = { albumName: string; assetCount: number }

describe("Immich's own command line", () => {
  const stage = openStage()
  const card = stage.folder('Summer at the lake')
  let street: Street

  beforeAll(async () => {
    street = await buildStreet(stage, startCaddy)
    await fillCameraCard(card)
  })

  describe('directly at Porchlight', () => {
    putsACardIntoTheLibrary('gran', () => street.porchlight.url)
  })

  // The recipe lets requests with an API key past the portal; the certificate is that of the test's own Caddy.
  describe('through Caddy, past the portal by its API key', () => {
    putsACardIntoTheLibrary('anna', () => street.proxy.localUrl)
  })

  function putsACardIntoTheLibrary(who: 'gran' | 'anna', url: () => string): void {
    let cli: Cli
    let api: HouseholdApi
    beforeAll(() => {
      api = street.members[who].api
      cli = immichCli(stage.folder(`cli-${who}`), { NODE_EXTRA_CA_CERTS: street.proxy.certificateFile })
    })

    test(`${who} logs in with an API key`, async () => {
      const { code, output } = await cli.run('login', url(), street.members[who].apiKey)
      expect(output).toContain(`Logged in as ${street.members[who].email}`)
      expect(code).toBe(0)
    })

    test(`a wrong API key does not log ${who} in`, async () => {
      const { code } = await immichCli(stage.folder(`cli-stranger-${who}`)).run('login', url(), 'not-a-key')
      expect(code).not.toBe(0)
    })

    test('server-info tells the version and what can be uploaded', async () => {
      const { code, output } = await cli.run('server-info')
      expect(output).toMatch(/\d+\.\d+\.\d+/)
      expect(output).toMatch(/Images: .*\bheic\b/)
      expect(code).toBe(0)
    })

    test('the photos and the video of a folder become an album; the note stays behind', async () => {
      const { code, output } = await cli.run('upload', '--recursive', '--album', card)
      expect(output).toContain('Successfully uploaded 5 new assets')
      expect(code).toBe(0)
      expect(await api.get<Statistics>('/assets/statistics')).toEqual({ images: 4, videos: 1, total: 5 })
      const albums = await api.get<Album[]>('/albums')
      expect(albums).toMatchObject([{ albumName: 'Summer at the lake', assetCount: 5 }])
    })

    test('uploaded again, everything is known already and nothing is stored twice', async () => {
      const { code, output } = await cli.run('upload', '--recursive', '--album', card)
      expect(output).toContain('Found 0 new files and 5 duplicates')
      expect(code).toBe(0)
      expect(await api.get<Statistics>('/assets/statistics')).toMatchObject({ total: 5 })
    })

    test('every asset gets its thumbnail, the HEIC and the video too', async () => {
      const ready = async () => (await wholeLibrary(api)).filter((asset) => asset.ready).length
      await expect.poll(ready, { timeout: 60_000 }).toBe(5)
    })
  }
})
