import { describe } from 'vitest'
import { startCaddy } from '../stacks/caddy.ts'
import { householdBehind } from './household-behind.ts'

describe('a household behind Caddy and LemonLDAP::NG', () => {
  householdBehind(startCaddy)
})
