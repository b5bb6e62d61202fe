import type { AssetResponseDto, ExifResponseDto } from '../api/api-types.ts'

/** `f/1.8 · 1/250 s · 26 mm · ISO 282`, as far as the camera told. */
export function exposureOf(exif: ExifResponseDto): string {
  const parts = [
    exif.fNumber ? `f/${exif.fNumber}` : undefined,
    exif.exposureTime ? `${exif.exposureTime} s` : undefined,
    exif.focalLength ? `${exif.focalLength} mm` : undefined,
    exif.iso ? `ISO ${exif.iso}` : undefined,
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

/** `Porch Cam 12`; a model that repeats its make is said once. */
export function cameraOf({ make, model }: ExifResponseDto): string {
  if (!make || !model) return make ?? model ?? ''
  return model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`
}

export const placeOf = ({ city, state, country }: ExifResponseDto): string =>
  [...new Set([city, state, country])].filter(Boolean).join(', ')

/** `4000 × 3000 · 12 MP` */
export function sizeOf({ width, height }: Pick<AssetResponseDto, 'width' | 'height'>): string {
  if (!width || !height) return ''
  const megapixels = (width * height) / 1e6
  return `${width} × ${height} · ${megapixels < 10 ? megapixels.toFixed(1) : Math.round(megapixels)} MP`
}
