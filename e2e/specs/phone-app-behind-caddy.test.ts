import { describe } from 'vitest'
import { startCaddy } from '../stacks/caddy.ts'
import { aPhoneBehind } from './phone-app.ts'

describe('the phone app behind Caddy and LemonLDAP::NG', () => {
  aPhoneBehind(startCaddy)
})
