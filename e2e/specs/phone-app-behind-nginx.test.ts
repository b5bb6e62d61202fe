import { describe } from 'vitest'
import { startNginx } from '../stacks/nginx.ts'
import { aPhoneBehind } from './phone-app.ts'

describe('the phone app behind nginx and LemonLDAP::NG', () => {
  aPhoneBehind(startNginx)
})
