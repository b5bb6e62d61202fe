type Ports = { load: (bucket: string) => Promise<void>; atOnce: number }

export type MonthLoader = {
  /** The months wanted now, most wanted first; what was wanted before and has not begun is forgotten. */
  want: (buckets: readonly string[]) => void
  /** One month, waited for; joins a load that is under way. */
  ensure: (bucket: string) => Promise<void>
}

/** Loads only what is still wanted when its turn comes, so that a fast scroll does not ask for all it flew over. */
export function createMonthLoader({ load, atOnce }: Ports): MonthLoader {
  const running = new Map<string, Promise<void>>()
  let wanted: string[] = []

  function start(bucket: string): Promise<void> {
    const loading = load(bucket).finally(() => {
      running.delete(bucket)
      next()
    })
    running.set(bucket, loading)
    return loading
  }

  function next(): void {
    while (running.size < atOnce) {
      const bucket = wanted.shift()
      if (bucket === undefined) return
      if (!running.has(bucket)) start(bucket).catch(() => undefined)
    }
  }

  return {
    want(buckets) {
      wanted = [...buckets]
      next()
    },
    ensure: (bucket) => running.get(bucket) ?? start(bucket),
  }
}
