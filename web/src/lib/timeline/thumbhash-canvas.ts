import { thumbHashToRGBA } from 'thumbhash'

/** Paints the blurred placeholder; a canvas, since a strict page allows no `data:` pictures. */
export const paintThumbhash =
  (thumbhash: string) =>
  (canvas: HTMLCanvasElement): void => {
    try {
      const bytes = Uint8Array.from(atob(thumbhash), (letter) => letter.charCodeAt(0))
      const { w, h, rgba } = thumbHashToRGBA(bytes)
      canvas.width = w
      canvas.height = h
      canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0)
    } catch {
      // A hash that does not decode leaves the plain placeholder.
    }
  }
