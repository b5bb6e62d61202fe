import { householdApi } from './household-api.ts'
import { moveIn } from './household-people.ts'
import { photos, renderPhoto } from './household-photos.ts'
import { renderVideo, video } from './household-video.ts'

/** Makes the household of the demo on an empty server: three people, two dozen photos, one video. */
export async function fillHousehold(baseUrl: string, say: (line: string) => void): Promise<void> {
  const { isInitialized } = await householdApi(baseUrl).get<{ isInitialized: boolean }>('/server/config')
  if (isInitialized) return
  say('Gran and Admin are moving in with their photos…')
  const members = await moveIn(baseUrl)
  for (const photo of photos) {
    const { name, owner, takenAt } = photo
    await members[owner].api.upload({
      name,
      bytes: await renderPhoto(photo),
      takenAt: new Date(`${takenAt}Z`),
    })
  }
  const film = await renderVideo()
  if (film === undefined) return say('There is no ffmpeg here, so the household has no video.')
  const { name, owner, takenAt } = video
  await members[owner].api.upload({ name, bytes: film, takenAt: new Date(`${takenAt}Z`) })
}
