import { expect, test } from 'vitest'
import { createRawConnection } from './raw-connection.ts'
import { createDice, rawRequest, referenceIdentity } from './raw-headers.ts'
import { asks, householdWith } from './vouching.ts'

const seed = 20_261_123
const cases = 100_000
const connections = 24

/** Most ask only whom the proxy names, which is what is tested; some go the whole way to an account. */
const paths = ['/api/users/me', ...Array.from({ length: 19 }, () => '/api/auth/trusted-header/preview')]

test(
  `${cases} requests of random header bytes, seed ${seed}: no crash, and nobody whom the grammar does not name`,
  { timeout: 240_000 },
  async () => {
    await using server = await householdWith({ autoRegister: false })
    const dice = createDice(seed)
    const seen = { vouched: 0, refused: 0, malformed: 0, closed: 0 }
    const wrong: unknown[] = []
    let left = cases

    async function work(): Promise<void> {
      const connection = createRawConnection(server.port)
      while (left-- > 0 && wrong.length < 5) {
        const request = rawRequest(dice, dice.pick(paths))
        const answer = await connection.send(request)
        if (answer === 'closed') {
          seen.closed++
          continue
        }
        // After a bad request the server hangs up; what a second request in the bytes got is nobody's answer.
        const isWhole = request.indexOf('\r\n\r\n') === request.length - 4
        if (answer.status === 400 || answer.status === 431 || !isWhole) connection.forget()
        judge(request, answer)
      }
      connection.forget()
    }

    function judge(request: string, { status, body }: { status: number; body: string }): void {
      const { email, sure } = referenceIdentity(request)
      const got = status === 200 ? (JSON.parse(body) as { email: string }).email : undefined
      if (status === 200) seen.vouched++
      else if (status === 401) seen.refused++
      else seen.malformed++
      const isWrongPerson = got !== undefined && got !== email
      const isMissing = sure && email !== undefined && status !== 200 && request.includes('/preview')
      if (isWrongPerson || isMissing || status >= 500) wrong.push({ request, status, body, email })
    }

    await Promise.all(Array.from({ length: connections }, work))
    expect(wrong).toEqual([])
    // The cases reach what they are for.
    expect(seen.vouched).toBeGreaterThan(cases / 20)
    expect(seen.refused).toBeGreaterThan(cases / 10)
    expect(seen.malformed).toBeGreaterThan(cases / 100)
    expect(seen.closed).toBeLessThan(cases / 100)
    expect((await asks(server, { 'remote-email': 'admin@home.example' })).status).toBe(200)
    expect(await server.countEverything()).toEqual({ users: 1, sessions: 1 })
    console.info(`seed ${seed}:`, seen)
  },
)
