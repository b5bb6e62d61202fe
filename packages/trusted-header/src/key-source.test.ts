import { expect, test } from 'vitest'
import { parseKeySource } from './key-source.ts'

test.each([
  ['https://auth.example.com/jwks', { jwksUrl: 'https://auth.example.com/jwks' }],
  ['https://8.8.8.8:8443/jwks?a=b', { jwksUrl: 'https://8.8.8.8:8443/jwks?a=b' }],
  ['http://localhost:9091/jwks.json', { jwksUrl: 'http://localhost:9091/jwks.json' }],
  ['http://authelia:9091/jwks.json', { jwksUrl: 'http://authelia:9091/jwks.json' }],
  ['http://127.0.0.1/jwks', { jwksUrl: 'http://127.0.0.1/jwks' }],
  ['http://10.3.3.7/jwks', { jwksUrl: 'http://10.3.3.7/jwks' }],
  ['http://172.31.255.255/jwks', { jwksUrl: 'http://172.31.255.255/jwks' }],
  ['http://192.168.1.2/jwks', { jwksUrl: 'http://192.168.1.2/jwks' }],
  ['http://[::1]/jwks', { jwksUrl: 'http://[::1]/jwks' }],
  ['http://[fd00:3::1]/jwks', { jwksUrl: 'http://[fd00:3::1]/jwks' }],
  ['http://[::ffff:10.0.0.1]/jwks', { jwksUrl: 'http://[::ffff:10.0.0.1]/jwks' }],
  ['/etc/porchlight/jwks.json', { jwksFile: '/etc/porchlight/jwks.json' }],
  [
    'https://public-keys.auth.elb.eu-central-1.amazonaws.com/{kid}',
    { pemUrl: 'https://public-keys.auth.elb.eu-central-1.amazonaws.com/{kid}' },
  ],
])('keys may come from %s', (text, keys) => {
  expect(parseKeySource(text)).toEqual({ keys })
})

const notAnAddress = 'It is neither an https:// address nor a path from / on'
const fromAfar =
  'http:// is for this machine and its own network only: whoever sits on the way could hand out other keys'
const notInThePath = 'The {kid} must stand in the path of the address'

test.each([
  ['', notAnAddress],
  ['auth.example.com/jwks', notAnAddress],
  ['ftp://auth.example.com/jwks', notAnAddress],
  ['shttp://auth.example.com/jwks', notAnAddress],
  ['file:///etc/jwks.json', notAnAddress],
  ['data:application/json,{}', notAnAddress],
  ['./jwks.json', notAnAddress],
  ['/etc/\0jwks.json', 'The file needs its whole path, from / on'],
  ['https://gran:secret@auth.example.com/jwks', 'The address must not hold a user name or password'],
  ['https://gran@auth.example.com/jwks', 'The address must not hold a user name or password'],
  ['https://:secret@auth.example.com/jwks', 'The address must not hold a user name or password'],
  ['https://auth.example.com/jwks#keys', 'The address must not hold a #'],
  ['http://auth.example.com/jwks', fromAfar],
  ['http://8.8.8.8/jwks', fromAfar],
  ['http://11.0.0.1/jwks', fromAfar],
  ['http://172.32.0.1/jwks', fromAfar],
  ['http://169.254.169.254/jwks', fromAfar],
  ['http://134744072/jwks', fromAfar],
  ['http://[2001:db8::1]/jwks', fromAfar],
  ['http://[fe00::1]/jwks', fromAfar],
  ['http://[::7f00:1]/jwks', fromAfar], // the bits of 127.0.0.1
  ['http://localhost.example/jwks', fromAfar],
  ['https://{kid}.example.com/keys', notInThePath],
  ['https://{kid}@example.com/keys', notInThePath],
  ['https://keys.example.com?kid={kid}', notInThePath],
  ['https://keys.example.com/pem?kid={kid}', notInThePath],
  ['{kid}', notInThePath],
  ['https://keys.example.com/{kid}/{kid}', 'The address must hold {kid} exactly once'],
  ['http://keys.example.com/{kid}', fromAfar],
])('keys may not come from %j', (text, problem) => {
  expect(parseKeySource(text)).toEqual({ problem })
})
