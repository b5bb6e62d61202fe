import { ask as askServer } from '../stacks/peers.ts'
import { jsonIn, storyCase, withoutProxy } from './measure.ts'
import type { Case } from './measure.ts'

type Issue = { path: (string | number)[]; message: string }

/** The admin tries to save this in the section of trusted-header sign-in. It must be refused, with a reason. */
export function settingCase(changes: Record<string, unknown>, because: string): Case {
  return storyCase({
    sent: `the admin saves \`${JSON.stringify(changes)}\``,
    house: 'unconfigured',
    only: withoutProxy(because),
    tell: async (_ask, { house }) => {
      const { api, apiKey } = house.members.admin
      const config = await api.get<{ trustedHeader: object }>('/admin/config')
      const answer = await askServer({
        to: { port: house.port },
        method: 'PUT',
        path: '/api/admin/config',
        headers: [`x-api-key: ${apiKey}`, 'Content-Type: application/json'],
        body: JSON.stringify({ ...config, trustedHeader: { ...config.trustedHeader, ...changes } }),
      })
      const { errors = [], message = '' } = jsonIn(answer)
      const issues = errors as Issue[]
      const isAbout = issues.length > 0 && issues.every(({ path }) => path[0] === 'trustedHeader')
      const reason = issues.map((issue) => issue.message).join('; ') || [message].flat().join('; ')
      const isRefused = answer.status === 400 && isAbout
      return {
        did: `${answer.status}: ${reason}`,
        wrong: isRefused ? undefined : 'it was not refused for this',
      }
    },
  })
}
