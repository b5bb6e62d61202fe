import { describe } from 'vitest'
import { startNginx } from '../stacks/nginx.ts'
import { sharedLinksBehind } from './shared-links-behind.ts'

describe('shared links behind nginx and LemonLDAP::NG', () => {
  sharedLinksBehind(startNginx)
})
