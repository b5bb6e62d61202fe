import { createApp, type App } from './app.ts'
import { systemClock } from './platform/clock.ts'
import { parseEnvironment, StartProblem, type Environment } from './platform/environment.ts'
import { createLogger } from './platform/logger.ts'

/** Environment -> app -> listen -> signals. */
async function main(): Promise<void> {
  const environment = parseEnvironment(process.env)
  const { values } = environment
  const logger = createLogger(values.PORCHLIGHT_LOG_LEVEL)
  const app = await createApp({ environment, logger, clock: systemClock })

  await (values.PORCHLIGHT_LISTEN
    ? app.listeners.listen(values.PORCHLIGHT_LISTEN)
    : listenAtPort(app, values))

  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      logger.info(`${signal}: stopping`)
      void app.close().then(() => process.exit(0))
    })
  }
}

/** Node's own default: all addresses, IPv6 and IPv4, or IPv4 alone where the machine has no IPv6. */
async function listenAtPort({ http }: App, values: Environment['values']): Promise<void> {
  const { PORCHLIGHT_HOST: host = '::', PORCHLIGHT_PORT: port } = values
  await http.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EAFNOSUPPORT' && host === '::') return http.listen({ host: '0.0.0.0', port })
    throw new StartProblem(`Porchlight cannot listen on port ${port}: ${error.message}`)
  })
}

main().catch((error: unknown) => {
  if (error instanceof StartProblem) process.stderr.write(`Porchlight did not start. ${error.message}\n`)
  else
    process.stderr.write(
      `Porchlight did not start. ${error instanceof Error ? error.stack : String(error)}\n`,
    )
  process.exit(1)
})
