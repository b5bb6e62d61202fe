const day = 24 * 60 * 60 * 1000

/** Does something now and once a day. A round that fails is handed to `onError`; `stop` waits for the round that runs. */
export function doDaily(
  work: () => Promise<unknown>,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const round = async () => {
    try {
      await work()
    } catch (error) {
      onError(error)
    }
  }
  let running = round()
  const timer = setInterval(() => void (running = round()), day).unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
