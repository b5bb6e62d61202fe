import { oauthProblem } from './oauth-walk.ts'

/** Steps of a sign-in by the login service: one at a time, and in words what went wrong with the last. */
export function createOauthSteps() {
  let busy = $state(false)
  let problem = $state<string>()

  return {
    get busy() {
      return busy
    },
    get problem() {
      return problem
    },
    /** A step that succeeds leads away from the page. */
    async go(step: () => Promise<void>): Promise<void> {
      busy = true
      problem = undefined
      try {
        await step()
      } catch (thrown) {
        problem = oauthProblem(thrown)
        busy = false
      }
    },
  }
}
