/** Databases limit how many values a statement may name, and a long transaction keeps everybody else waiting. */
const batchSize = 500

/** Does the work batch by batch, in order, and joins the answers. No batch, no work. */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += batchSize)
    results.push(...(await work(items.slice(at, at + batchSize))))
  return results
}
