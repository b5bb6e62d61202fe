import { describe } from 'vitest'
import { startHaproxy } from '../stacks/haproxy.ts'
import { householdBehind } from './household-behind.ts'

describe('a household behind HAProxy and LemonLDAP::NG', () => {
  householdBehind(startHaproxy)
})
