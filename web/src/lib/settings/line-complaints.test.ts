import { expect, it } from 'vitest'
import { lineComplaints } from './line-complaints.ts'

it.each([
  ['10.3.3.7', []],
  ['10.3.3.0/24, fd00:3::/32\n::1', []],
  ['10.3.3.7\n10.0.0.0/33', ['Line 2: 10.0.0.0/33 ends in /33; it goes up to /32']],
  ['fd00::/129', ['Line 1: fd00::/129 ends in /129; it goes up to /128']],
  ['10.3.3.300', ['Line 1: 10.3.3.300 has a number above 255']],
  ['localhost', ['Line 1: localhost is not an address']],
  ['10.3.3.7/', ['Line 1: 10.3.3.7/ ends in /; it goes up to /32']],
])('of the networks %j it says %j', (text, complaints) => {
  expect(lineComplaints('trustedHeader.networks', text)).toEqual(complaints)
})

it('tells an address from a host name, and has nothing to say of other lists', () => {
  expect(lineComplaints('trustedHeader.allowedHosts', 'photos.example.com:8443\n[fd00::1]')).toEqual([])
  expect(lineComplaints('trustedHeader.allowedHosts', 'https://photos.example.com/')).toHaveLength(1)
  expect(lineComplaints('other.list', 'whatever/')).toEqual([])
})
