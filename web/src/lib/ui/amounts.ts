const units = ['bytes', 'KB', 'MB', 'GB', 'TB']

/** `2924490` → `2.9 MB`, in powers of a thousand as cameras and disks are sold. */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), units.length - 1)
  const value = count / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`
}

/** Milliseconds as `1:05` or `1:02:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, '0'))
  return parts[0] === 0 ? `${Number(minutes)}:${rest}` : `${Number(hours)}:${minutes}:${rest}`
}
