import { describe } from 'vitest'
import { startNginx } from '../stacks/nginx.ts'
import { householdBehind } from './household-behind.ts'

describe('a household behind nginx and LemonLDAP::NG', () => {
  householdBehind(startNginx)
})
