import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { openChildren, portNear } from './child-processes.ts'
import { openFrontDoor } from './front-door.ts'
import { doorPeople, startHouseholdServer } from './household-server.ts'

// A household to look at: the real server, two dozen photos, and a front door in place of your reverse proxy.
if (!existsSync('web/build/index.html')) {
  console.log('Building the web client (once)…')
  execFileSync('npm', ['run', 'build', '-w', 'web'], { stdio: ['ignore', 'ignore', 'inherit'] })
}

const [doorPort, port] = [await portNear(2290), await portNear(0)]
const doorUrl = `http://localhost:${doorPort}`
await startHouseholdServer(openChildren(), { port, doorUrl, dataDir: 'data/demo' })
await openFrontDoor({ port: doorPort, people: doorPeople, portFor: () => port })
console.log(`\nOpen ${doorUrl} and pick Gran or Admin. Ctrl-C ends the demo; its photos stay in data/demo.\n`)
