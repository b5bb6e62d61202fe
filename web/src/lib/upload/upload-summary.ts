import type { UploadTotals } from './upload-queue.ts'

const files = (count: number): string => `${count} ${count === 1 ? 'file' : 'files'}`

/** One line for the head of the list: `Uploading 3 of 12`, or how it all ended. */
export function summaryOf({ files: all, done, added, duplicates, failed }: UploadTotals): string {
  if (done < all) return `Uploading ${Math.min(done + 1, all)} of ${all}`
  const parts = [
    added > 0 ? `${files(added)} added` : '',
    duplicates > 0 ? `${duplicates} already here` : '',
    failed > 0 ? `${failed} failed` : '',
  ]
  return parts.filter(Boolean).join(', ')
}
