import { describe } from 'vitest'
import { startNginx } from '../stacks/nginx.ts'
import { settingsOnTrialBehind } from './settings-on-trial.ts'

describe('an admin behind nginx', () => {
  settingsOnTrialBehind(startNginx)
})
