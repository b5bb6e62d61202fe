import fastify from 'fastify'
import {
  decide,
  describeNetworkProblem,
  describeRefusal,
  parseNetworks,
  type Identity,
} from '@porchlight/trusted-header'

const parsed = parseNetworks(process.env.TRUSTED_NETWORKS ?? '')
if ('problems' in parsed) throw new Error(parsed.problems.map(describeNetworkProblem).join('\n'))
const policy = { enabled: true, networks: parsed.networks, headers: { email: 'remote-email' } }

const app = fastify()
app.decorateRequest('person', null)
app.addHook('onRequest', async (request, reply) => {
  // The socket and the raw headers: `request.ip` may believe X-Forwarded-For, and `headers` joins and drops lines.
  const { socket, rawHeaders } = request.raw
  const verdict = decide(policy, { peer: socket.remoteAddress, rawHeaders })
  if ('refused' in verdict)
    return reply.code(401).send(verdict.fromProxy ? describeRefusal(verdict.refused) : 'Sign in first')
  request.setDecorator<Identity>('person', verdict.identity)
})
app.get('/', async (request) => `Hello ${request.getDecorator<Identity>('person').email}`)
await app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 8080) })
