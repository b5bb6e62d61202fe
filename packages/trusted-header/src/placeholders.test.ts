import { expect, test } from 'vitest'
import { isPlaceholder } from './placeholders.ts'

test.each([
  '',
  '-',
  'null',
  'NULL',
  'Null',
  '(null)',
  '<null>',
  'nil',
  '<nil>',
  'none',
  'None',
  '(none)',
  'undefined',
  '<no value>',
  '{http.reverse_proxy.header.Remote-Email}',
  '{{ .Email }}',
  '{',
  '${user.email}',
  '${',
  '$remote_user',
  '$upstream_http_remote_email',
  '%{OIDC_CLAIM_email}e',
  '%{REMOTE_USER}',
  '%[var(txn.email)]',
  '%(email)s',
])('%j stands for nobody', (value) => {
  expect(isPlaceholder(value)).toBe(true)
})

test.each([
  'gran@home.example',
  'null@home.example',
  'none@home.example',
  'undefined@home.example',
  '-@home.example',
  'gran',
  '--',
  'nullify',
  'gran@{domain}',
])('%j does not', (value) => {
  expect(isPlaceholder(value)).toBe(false)
})
