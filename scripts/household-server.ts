import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { untilAnswers } from './child-processes.ts'
import type { Children } from './child-processes.ts'
import { fillHousehold } from './household.ts'
import { people } from './household-people.ts'

export type HouseholdServerPlan = {
  port: number
  dataDir: string
  doorUrl: string
  /** Flags for Node, such as `--watch`. */
  nodeFlags?: string[]
}

/** Who can be picked at the front door. */
export const doorPeople = Object.entries(people).map(([id, { name, email }]) => ({ id, name, email }))

/** Starts Porchlight so that it believes the front door, and fills it with the household when it is empty. */
export async function startHouseholdServer(children: Children, plan: HouseholdServerPlan): Promise<void> {
  const { port, dataDir, doorUrl, nodeFlags = [] } = plan
  mkdirSync(dataDir, { recursive: true })
  const configFile = join(dataDir, 'front-door.json')
  const trustedHeader = {
    enabled: true,
    networks: ['127.0.0.1/32'],
    signOutUrl: `${doorUrl}/front-door/sign-out`,
  }
  writeFileSync(configFile, JSON.stringify({ trustedHeader }, null, 2))

  children.start(process.execPath, [...nodeFlags, 'server/src/main.ts'], {
    PORCHLIGHT_HOST: '127.0.0.1',
    PORCHLIGHT_PORT: String(port),
    PORCHLIGHT_DATA_DIR: dataDir,
    PORCHLIGHT_CONFIG_FILE: configFile,
    PORCHLIGHT_LOG_LEVEL: process.env['PORCHLIGHT_LOG_LEVEL'] ?? 'warn',
  })
  await untilAnswers(`http://127.0.0.1:${port}/api/server/ping`)
  await fillHousehold(`http://127.0.0.1:${port}`, (line) => console.log(line))
}
