import { statfs } from 'node:fs/promises'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes for people, as Immich's clients show them: one decimal, binary units. */
export function readableBytes(bytes: number): string {
  let unit = 0
  let size = bytes
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit++
  }
  return `${size.toFixed(1)} ${units[unit]}`
}

/** How full the disk under `folder` is, as `GET /api/server/storage` answers. */
export async function diskUse(folder: string) {
  const { blocks, bavail, bfree, bsize } = await statfs(folder)
  const size = blocks * bsize
  const available = bavail * bsize
  const used = (blocks - bfree) * bsize
  return {
    diskSize: readableBytes(size),
    diskUse: readableBytes(used),
    diskAvailable: readableBytes(available),
    diskSizeRaw: size,
    diskUseRaw: used,
    diskAvailableRaw: available,
    diskUsagePercentage: size === 0 ? 0 : Math.round((used / size) * 10_000) / 100,
  }
}
