import { ask as askServer } from '../stacks/peers.ts'
import { jsonIn, storyCase, withoutProxy } from './measure.ts'
import type { Case } from './measure.ts'

/** The admin tries to save these settings. They must be refused, with a reason. */
export function settingCase(changes: Record<string, unknown>, because: string): Case {
  return storyCase({
    sent: `the admin saves \`${JSON.stringify(changes)}\``,
    house: 'unconfigured',
    only: withoutProxy(because),
    tell: async (_ask, { house }) => {
      const answer = await askServer({
        to: house,
        method: 'PUT',
        path: '/api/admin/config',
        headers: [`x-api-key: ${house.members.admin.apiKey}`, 'Content-Type: application/json'],
        body: JSON.stringify(changes),
      })
      const { errors = [] } = jsonIn(answer)
      const reason = (errors as { message: string }[]).map(({ message }) => message).join('; ')
      return {
        did: `${answer.status}: ${reason}`,
        wrong: answer.status === 400 && reason !== '' ? undefined : 'it was not refused',
      }
    },
  })
}
