import { createServer } from 'node:http'
import { decide, describeNetworkProblem, describeRefusal, parseNetworks } from '@porchlight/trusted-header'

const parsed = parseNetworks(process.env.TRUSTED_NETWORKS ?? '')
if ('problems' in parsed) throw new Error(parsed.problems.map(describeNetworkProblem).join('\n'))
const policy = { enabled: true, networks: parsed.networks, headers: { email: 'remote-email' } }

createServer((request, response) => {
  const verdict = decide(policy, { peer: request.socket.remoteAddress, rawHeaders: request.rawHeaders })
  if ('identity' in verdict) response.end(`Hello ${verdict.identity.email}`)
  else response.writeHead(401).end(verdict.fromProxy ? describeRefusal(verdict.refused) : 'Sign in first')
}).listen(Number(process.env.PORT ?? 8080))
