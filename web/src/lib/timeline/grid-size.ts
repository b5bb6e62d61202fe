import type { GridSize } from './month-layout.ts'

/** Three small pictures abreast on a phone, generous rows on a desk. */
export function gridSizeFor(width: number): GridSize {
  const small = width < 640
  return {
    width,
    targetHeight: small ? 128 : Math.min(235, 150 + width / 18),
    gap: small ? 3 : 5,
    monthHeader: small ? 58 : 76,
    dayHeader: small ? 34 : 38,
    dayGap: small ? 10 : 16,
  }
}

export const thumbnailUrl = (id: string, size: 'thumbnail' | 'preview' = 'thumbnail'): string =>
  `/api/assets/${id}/thumbnail?size=${size}`
