import { describe } from 'vitest'
import { startCaddy } from '../stacks/caddy.ts'
import { sharedLinksBehind } from './shared-links-behind.ts'

describe('shared links behind Caddy and LemonLDAP::NG', () => {
  sharedLinksBehind(startCaddy)
})
