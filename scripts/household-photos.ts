import sharp from 'sharp'
import type { PersonName } from './household-people.ts'
import * as scenes from './household-scenes.ts'
import type { Scene } from './household-scenes.ts'

export type HouseholdPhoto = {
  name: string
  owner: PersonName
  scene: Scene
  /** The camera's own clock, without a zone, as cameras write it. */
  takenAt: string
  shape: 'landscape' | 'portrait'
  camera: readonly [make: string, model: string]
  /** Degrees north and east. */
  place?: readonly [latitude: number, longitude: number]
}

const phone = ['Google', 'Pixel 8'] as const
const compact = ['Canon', 'PowerShot G7 X Mark III'] as const
const oldCamera = ['NIKON CORPORATION', 'NIKON D90'] as const

/** Two dozen photos of two people, over twelve years, from four places; a day out has more than one. */
export const photos = [
  {
    name: 'porch-at-dusk.jpg',
    owner: 'gran',
    scene: scenes.porchAtDusk,
    takenAt: '2026-09-12T20:14:05',
    shape: 'landscape',
    camera: phone,
    place: [51.7612, -1.2465],
  },
  {
    name: 'garden.jpg',
    owner: 'gran',
    scene: scenes.garden,
    takenAt: '2026-09-12T11:02:44',
    shape: 'landscape',
    camera: compact,
    place: [51.7614, -1.2461],
  },
  {
    name: 'birthday-cake.jpg',
    owner: 'gran',
    scene: scenes.birthdayCake,
    takenAt: '2026-09-12T16:40:12',
    shape: 'portrait',
    camera: phone,
  },
  {
    name: 'cat-on-the-sofa.jpg',
    owner: 'gran',
    scene: scenes.cat,
    takenAt: '2026-09-12T17:55:20',
    shape: 'portrait',
    camera: phone,
  },
  {
    name: 'winter-morning.jpg',
    owner: 'gran',
    scene: scenes.winterMorning,
    takenAt: '2025-12-28T08:51:33',
    shape: 'landscape',
    camera: compact,
    place: [47.4212, 10.9863],
  },
  {
    name: 'autumn-wood.jpg',
    owner: 'gran',
    scene: scenes.autumnWood,
    takenAt: '2022-10-23T14:07:19',
    shape: 'portrait',
    camera: compact,
  },
  {
    name: 'lake-at-sunset.jpg',
    owner: 'gran',
    scene: scenes.lakeAtSunset,
    takenAt: '2014-08-03T20:48:51',
    shape: 'landscape',
    camera: oldCamera,
    place: [46.4312, 6.9107],
  },
  {
    name: 'flower-bed.jpg',
    owner: 'gran',
    scene: scenes.garden,
    takenAt: '2026-09-12T15:40:31',
    shape: 'portrait',
    camera: phone,
    place: [51.7614, -1.2461],
  },
  {
    name: 'by-the-sea.jpg',
    owner: 'gran',
    scene: scenes.beach,
    takenAt: '2026-08-02T13:31:02',
    shape: 'landscape',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'last-swim.jpg',
    owner: 'gran',
    scene: scenes.lakeAtSunset,
    takenAt: '2026-08-02T20:31:17',
    shape: 'landscape',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'the-hill-behind-the-bay.jpg',
    owner: 'gran',
    scene: scenes.mountains,
    takenAt: '2026-08-02T10:05:52',
    shape: 'portrait',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'six-kites.jpg',
    owner: 'gran',
    scene: scenes.kites,
    takenAt: '2026-08-02T15:14:40',
    shape: 'portrait',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'picnic-blanket.jpg',
    owner: 'gran',
    scene: scenes.picnic,
    takenAt: '2026-09-12T13:15:08',
    shape: 'landscape',
    camera: compact,
  },
  {
    name: 'sky-over-the-pass.jpg',
    owner: 'gran',
    scene: scenes.mountains,
    takenAt: '2026-06-20T06:12:40',
    shape: 'landscape',
    camera: compact,
    place: [46.5586, 8.5613],
  },
  {
    name: 'alpine-meadow-in-june.jpg',
    owner: 'gran',
    scene: scenes.garden,
    takenAt: '2026-06-20T12:44:03',
    shape: 'landscape',
    camera: compact,
    place: [46.5586, 8.5613],
  },
  {
    name: 'first-snow.jpg',
    owner: 'gran',
    scene: scenes.winterMorning,
    takenAt: '2025-12-28T09:20:45',
    shape: 'portrait',
    camera: compact,
    place: [47.4212, 10.9863],
  },
  {
    name: 'lights-from-the-hill.jpg',
    owner: 'gran',
    scene: scenes.cityByNight,
    takenAt: '2025-12-31T23:58:40',
    shape: 'landscape',
    camera: phone,
  },
  {
    name: 'leaves.jpg',
    owner: 'gran',
    scene: scenes.autumnWood,
    takenAt: '2022-10-23T14:31:56',
    shape: 'landscape',
    camera: compact,
  },
  {
    name: 'ridge-walk.jpg',
    owner: 'gran',
    scene: scenes.mountains,
    takenAt: '2026-06-20T07:50:22',
    shape: 'portrait',
    camera: compact,
    place: [46.5586, 8.5613],
  },
  {
    name: 'beach.jpg',
    owner: 'admin',
    scene: scenes.beach,
    takenAt: '2026-08-02T13:30:27',
    shape: 'landscape',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'kites.jpg',
    owner: 'admin',
    scene: scenes.kites,
    takenAt: '2026-08-02T15:12:09',
    shape: 'portrait',
    camera: phone,
    place: [50.0755, -5.7148],
  },
  {
    name: 'mountains.jpg',
    owner: 'admin',
    scene: scenes.mountains,
    takenAt: '2023-07-09T07:45:10',
    shape: 'landscape',
    camera: compact,
    place: [46.5586, 8.5613],
  },
  {
    name: 'city-by-night.jpg',
    owner: 'admin',
    scene: scenes.cityByNight,
    takenAt: '2019-12-31T23:58:40',
    shape: 'landscape',
    camera: oldCamera,
  },
  {
    name: 'picnic.jpg',
    owner: 'admin',
    scene: scenes.picnic,
    takenAt: '2017-05-28T12:20:00',
    shape: 'landscape',
    camera: oldCamera,
  },
] as const satisfies readonly HouseholdPhoto[]

/** The photo as a JPEG with the EXIF data a camera would write; the same bytes each time. */
export async function renderPhoto(photo: HouseholdPhoto): Promise<Buffer> {
  const [width, height] = photo.shape === 'landscape' ? [2400, 1600] : [1600, 2400]
  const drawing = photo.scene({ width, height, random: rowOfNumbers(photo.name.length) })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing}</svg>`
  return await sharp(Buffer.from(svg)).blur(1.2).withExif(exifOf(photo)).jpeg({ quality: 86 }).toBuffer()
}

function exifOf({ takenAt, camera: [Make, Model], place }: HouseholdPhoto) {
  const date = takenAt.replaceAll('-', ':').replace('T', ' ')
  const camera = { IFD0: { Make, Model, DateTime: date } }
  const lens = { FNumber: '18/10', ExposureTime: '1/250', ISOSpeedRatings: '100', FocalLength: '6900/1000' }
  const details = { IFD2: { DateTimeOriginal: date, DateTimeDigitized: date, ...lens } }
  if (place === undefined) return { ...camera, ...details }
  const [latitude, longitude] = place
  const position = {
    GPSLatitudeRef: latitude < 0 ? 'S' : 'N',
    GPSLatitude: degrees(latitude),
    GPSLongitudeRef: longitude < 0 ? 'W' : 'E',
    GPSLongitude: degrees(longitude),
  }
  return { ...camera, ...details, IFD3: position }
}

/** EXIF writes an angle as degrees, minutes and hundredths of seconds. */
function degrees(angle: number): string {
  const hundredths = Math.round(Math.abs(angle) * 360_000)
  return `${Math.floor(hundredths / 360_000)}/1 ${Math.floor((hundredths % 360_000) / 6000)}/1 ${hundredths % 6000}/100`
}

/** A small generator (mulberry32), so that the leaves fall the same way on each machine. */
function rowOfNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
