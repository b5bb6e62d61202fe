import { defineConfig } from 'vitest/config'

/**
 * What mutation testing runs: the unit tests of the engine and of the sign-in chain. The web client's tests are left out,
 * since they need what SvelteKit writes, and so are those that start a program, which would run the code without faults,
 * and those that measure time or need much of it.
 */
export default defineConfig({
  test: {
    include: ['packages/trusted-header/src/**/*.test.ts', 'server/src/auth/**/*.test.ts'],
    exclude: [
      '**/engine-{readme,examples}.test.ts',
      '**/{network-list-time,decide-raw-socket}.test.ts',
      '**/node_modules/**',
    ],
  },
})
