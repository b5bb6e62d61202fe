import { expect, test } from 'vitest'
import { parseEnvironment, StartProblem } from './environment.ts'

/** What the operator reads when the server does not start. */
function complaint(variables: Record<string, string>): string {
  try {
    parseEnvironment(variables)
  } catch (error) {
    if (error instanceof StartProblem) return error.message
    throw error
  }
  return 'no complaint'
}

test('an empty environment is enough', () => {
  expect(parseEnvironment({ PATH: '/bin', HOME: '/root' }).values).toEqual({
    PORCHLIGHT_PORT: 2283,
    PORCHLIGHT_DATA_DIR: 'data',
    PORCHLIGHT_LOG_LEVEL: 'info',
    PORCHLIGHT_FFMPEG_PATH: 'ffmpeg',
    PORCHLIGHT_FFPROBE_PATH: 'ffprobe',
  })
})

test('an existing compose file with Immich’s names keeps working, and messages use those names', () => {
  const { values, writtenAs } = parseEnvironment({
    IMMICH_HOST: '127.0.0.1',
    IMMICH_PORT: '3001',
    IMMICH_MEDIA_LOCATION: '/photos',
    IMMICH_CONFIG_FILE: '/etc/immich.yaml',
    IMMICH_TRUSTED_REMOTE_NETWORKS: '10.3.3.0/24',
    IMMICH_LOG_LEVEL: 'verbose',
  })
  expect(values).toMatchObject({
    PORCHLIGHT_HOST: '127.0.0.1',
    PORCHLIGHT_PORT: 3001,
    PORCHLIGHT_DATA_DIR: '/photos',
    PORCHLIGHT_CONFIG_FILE: '/etc/immich.yaml',
    PORCHLIGHT_TRUSTED_NETWORKS: '10.3.3.0/24',
  })
  expect(writtenAs('PORCHLIGHT_TRUSTED_NETWORKS')).toBe('IMMICH_TRUSTED_REMOTE_NETWORKS')
  expect(writtenAs('PORCHLIGHT_LOG_LEVEL')).toBe('PORCHLIGHT_LOG_LEVEL')
})

test('our name and Immich’s may say the same thing; then ours is the name', () => {
  const { values, writtenAs } = parseEnvironment({ PORCHLIGHT_PORT: '80', IMMICH_PORT: '80' })
  expect([values.PORCHLIGHT_PORT, writtenAs('PORCHLIGHT_PORT')]).toEqual([80, 'PORCHLIGHT_PORT'])
})

const portMessage = 'must be a whole number from 0 to 65535'

test.each<[Record<string, string>, string]>([
  [
    { PORCHLIGHT_PORT: '80', IMMICH_PORT: '81' },
    'IMMICH_PORT and PORCHLIGHT_PORT are both set and differ: keep one of them',
  ],
  [
    { PORCHLIGHT_TRUSTED_NETWORKS: '10.0.0.0/8', IMMICH_TRUSTED_REMOTE_NETWORKS: '' },
    'IMMICH_TRUSTED_REMOTE_NETWORKS and PORCHLIGHT_TRUSTED_NETWORKS are both set and differ: keep one of them',
  ],
  ...['http', '', ' ', '-1', '1e3', '0x50', '80.5', '65536', '99999', '٣', ' 80', '80\n'].map(
    (port): [Record<string, string>, string] => [
      { PORCHLIGHT_PORT: port },
      `PORCHLIGHT_PORT=${JSON.stringify(port)} is not valid: ${portMessage}`,
    ],
  ),
  [{ IMMICH_PORT: 'http' }, `IMMICH_PORT="http" is not valid: ${portMessage}`],
  [
    { PORCHLIGHT_TRUSTED_HEADER: 'yes' },
    'PORCHLIGHT_TRUSTED_HEADER="yes" is not valid: Invalid option: expected one of "true"|"false"',
  ],
  [
    { PORCHLIGHT_LOG_LEVEL: 'loud' },
    'PORCHLIGHT_LOG_LEVEL="loud" is not valid: Invalid option: expected one of "fatal"|"error"|"warn"|"info"|"debug"|"trace"|"silent"',
  ],
  [
    { PORCHLIGHT_DATA_DIR: '' },
    'PORCHLIGHT_DATA_DIR="" is not valid: Too small: expected string to have >=1 characters',
  ],
])('%j stops the start with one line', (variables, message) => {
  expect(complaint(variables)).toBe(message)
})

test.each(['PORCHLIGHT_TRUSTED_NETWORK', 'PORCHLIGHT_', 'PORCHLIGHT_trusted_networks'])(
  'a misspelt %s is an error, never silence',
  (name) => {
    const message = complaint({ [name]: '10.3.3.0/24' })
    expect(message).toMatch(`${name} is not a setting of Porchlight; known ones: PORCHLIGHT_HOST, `)
    expect(message).toContain('PORCHLIGHT_TRUSTED_NETWORKS')
  },
)

test('a mistyped database address is not printed: it holds a password', () => {
  expect(complaint({ PORCHLIGHT_DATABASE_URL: 'mysql://gran:apple-cake@db/photos' })).toBe(
    'PORCHLIGHT_DATABASE_URL is not valid: must begin with postgres:// or postgresql://',
  )
})
