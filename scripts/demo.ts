import { join } from 'node:path'
import { openChildren, portNear } from './child-processes.ts'
import { openFrontDoor } from './front-door.ts'
import { doorPeople, startHouseholdServer } from './household-server.ts'
import { ensureWebBuild } from './web-build.ts'

// A household to look at: the real server, two dozen photos, and a front door in place of your reverse proxy.
await ensureWebBuild(join(import.meta.dirname, '..'))
const [doorPort, port] = [await portNear(2290), await portNear(0)]
const doorUrl = `http://localhost:${doorPort}`
await startHouseholdServer(openChildren(), { port, doorUrl, dataDir: 'data/demo' })
await openFrontDoor({ port: doorPort, people: doorPeople, portFor: () => port })
console.log(`\nOpen ${doorUrl} and pick Gran or Admin. Ctrl-C ends the demo; its photos stay in data/demo.\n`)
