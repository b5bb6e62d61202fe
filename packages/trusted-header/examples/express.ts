import express from 'express'
import { decide, describeNetworkProblem, describeRefusal, parseNetworks } from '@porchlight/trusted-header'

const parsed = parseNetworks(process.env.TRUSTED_NETWORKS ?? '')
if ('problems' in parsed) throw new Error(parsed.problems.map(describeNetworkProblem).join('\n'))
const policy = { enabled: true, networks: parsed.networks, headers: { email: 'remote-email' } }

const app = express()
app.use((request, response, next) => {
  // The socket and the raw headers: `req.ip` believes X-Forwarded-For, and `req.headers` joins and drops lines.
  const verdict = decide(policy, { peer: request.socket.remoteAddress, rawHeaders: request.rawHeaders })
  if ('refused' in verdict) {
    response.status(401).send(verdict.fromProxy ? describeRefusal(verdict.refused) : 'Sign in first')
    return
  }
  response.locals.person = verdict.identity
  next()
})
app.get('/', (_request, response) => {
  response.send(`Hello ${response.locals.person.email}`)
})
app.listen(Number(process.env.PORT ?? 8080))
