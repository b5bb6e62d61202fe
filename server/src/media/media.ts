import type { CaptureDate } from './capture-date.ts'

export { extensionOf, mediaTypeOf, mediaTypes, type MediaType } from './media-types.ts'
export type { CaptureDate }

/** An original on the local disk. */
export type Original = { path: string; mimeType: string; type: 'IMAGE' | 'VIDEO' }

/** Paths to write the derived pictures to. */
export type DerivedPaths = { preview: string; thumbnail: string }

/**
 * Both derived pictures exist now. `width` and `height` are of the original as it is shown (turned upright), pixels;
 * null when a stand-in was decoded: a frame of a video, the picture inside a RAW file.
 */
export type Derived = { width: number | null; height: number | null; /** Base64. */ thumbhash: string }

/** What the file says about itself. Null = it does not say. */
export type Metadata = {
  captured: CaptureDate | null
  make: string | null
  model: string | null
  lensModel: string | null
  /** EXIF orientation, `1` to `8`. */
  orientation: string | null
  fNumber: number | null
  /** Millimetres. */
  focalLength: number | null
  iso: number | null
  /** As photographers write it: `1/250`. */
  exposureTime: string | null
  /** Pixels as stored, before turning upright. */
  exifWidth: number | null
  exifHeight: number | null
  /** Pixels as shown. */
  width: number | null
  height: number | null
  latitude: number | null
  longitude: number | null
  description: string
  projectionType: string | null
  /** 1 to 5, or -1 for rejected. */
  rating: number | null
  durationMs: number | null
}

/** Versions of the programs that do the work; null = missing on this machine. */
export type Programs = {
  sharp: string
  libvips: string
  ffmpeg: string | null
  ffprobe: string | null
  exiftool: string | null
  perl: string | null
}

/** The work on pictures and videos, done outside the server's own process. */
export type Media = {
  /**
   * Makes a 1440 px JPEG preview and a 250 px WebP thumbnail, without any metadata. Undefined when it is a video and
   * there is no ffmpeg to take a picture out of it.
   *
   * @throws {Unreadable} when the file cannot be decoded
   */
  derive(original: Original, to: DerivedPaths): Promise<Derived | undefined>
  /** @throws {Unreadable} when the file cannot be read; a plain Error when a program is missing */
  readMetadata(original: Original): Promise<Metadata>
  programs(): Promise<Programs>
  /** Ends the process at once; what it was doing fails. */
  close(): Promise<void>
}

/** The file is broken or of a kind that cannot be decoded: trying again does not help. */
export class Unreadable extends Error {
  override name = 'Unreadable'
}
