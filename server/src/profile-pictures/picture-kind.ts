/** The start of a file is enough. */
export const kindBytes = 32

/**
 * The kind of picture that bytes are, by how they begin; undefined for anything else. Never a drawing (SVG), which is a
 * program that may ask for other files.
 */
export function pictureKindOf(start: Uint8Array): string | undefined {
  const text = Buffer.from(start.subarray(0, kindBytes)).toString('latin1')
  return kinds.find(([shape]) => shape.test(text))?.[1]
}

const kinds: readonly [RegExp, string][] = [
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^\x89PNG\r\n[^]\n/, 'image/png'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF[^]{4}WEBP/, 'image/webp'],
  [/^[^]{4}ftypavi[fs]/, 'image/avif'],
  [/^[^]{4}ftyp(?:heic|heix|heim|heis|mif1)/, 'image/heic'],
]
