import { describe } from 'vitest'
import { startCaddy } from '../stacks/caddy.ts'
import { settingsOnTrialBehind } from './settings-on-trial.ts'

describe('an admin behind Caddy', () => {
  settingsOnTrialBehind(startCaddy)
})
