import { openChildren, portNear, untilAnswers } from './child-processes.ts'
import { openFrontDoor } from './front-door.ts'
import { doorPeople, startHouseholdServer } from './household-server.ts'

// For work on Porchlight: the server restarts and the page reloads when their files change; one Ctrl-C ends all.
const [doorPort, port, webPort] = [await portNear(2290), await portNear(2283), await portNear(5173)]
const doorUrl = `http://localhost:${doorPort}`
const children = openChildren()

const viteFlags = ['--host', '127.0.0.1', '--port', String(webPort), '--strictPort', '--clearScreen', 'false']
// Not through npm, which does not pass on the signal that ends it.
children.start(process.execPath, ['node_modules/vite/bin/vite.js', 'dev', 'web', ...viteFlags])
await startHouseholdServer(children, {
  port,
  doorUrl,
  dataDir: 'data/dev',
  nodeFlags: ['--watch', '--watch-preserve-output'],
})
await untilAnswers(`http://127.0.0.1:${webPort}/`)

/** What the server answers itself; all else is the web client. */
const isServerPath = (path: string) => /^\/(api|custom\.css|\.well-known)(\/|\?|$)/.test(path)
await openFrontDoor({
  port: doorPort,
  people: doorPeople,
  portFor: (path) => (isServerPath(path) ? port : webPort),
})
console.log(`\nOpen ${doorUrl} and pick a person. The server alone is http://127.0.0.1:${port}.\n`)
