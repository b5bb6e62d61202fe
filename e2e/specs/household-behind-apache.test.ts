import { describe } from 'vitest'
import { startApache } from '../stacks/apache.ts'
import { oidcProvider } from '../stacks/portals.ts'
import { householdBehind } from './household-behind.ts'

describe('a household behind Apache with mod_auth_openidc', () => {
  householdBehind(startApache, oidcProvider)
})
