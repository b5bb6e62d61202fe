import { expect, test } from 'vitest'
import { replyInMemory, requestOf } from '../../test/front-door-in-memory.ts'
import { forgetPersonBefore, sendIdentity, speaksForAnother } from './identity-value.ts'

function sentFor(user: { id: string } | undefined): string {
  const { reply, headers } = replyInMemory()
  sendIdentity(reply, user)
  expect(Object.keys(headers)).toEqual(['X-Porchlight-Identity'])
  return String(headers['X-Porchlight-Identity'])
}

test('each person has a mark of her own on all answers, and it does not tell who she is', () => {
  const grans = sentFor({ id: 'gran-id' })
  expect(grans).toMatch(/^[\w-]{22}$/)
  expect(grans).not.toContain('gran')
  expect(sentFor({ id: 'gran-id' })).toBe(grans)
  expect(sentFor({ id: 'anna-id' })).not.toBe(grans)
  expect(sentFor(undefined)).toBe('nobody')
})

test('the mark stays the same from release to release, or every page would start anew', () => {
  expect(sentFor({ id: 'gran-id' })).toBe('Ekpnu_-CkeXoB_ndFiW23b')
})

test('a page that speaks for Gran is not heard when Anna is there', () => {
  const page = requestOf({ lines: [['X-Porchlight-Identity', sentFor({ id: 'gran-id' })]] })
  expect(speaksForAnother(page, { id: 'gran-id' })).toBe(false)
  expect(speaksForAnother(page, { id: 'anna-id' })).toBe(true)
})

test('a page on which nobody was signed in speaks for another; who says nothing is not asked', () => {
  const nobodys = requestOf({ lines: [['X-Porchlight-Identity', 'nobody']] })
  expect(speaksForAnother(nobodys, { id: 'gran-id' })).toBe(true)
  expect(speaksForAnother(requestOf(), { id: 'gran-id' })).toBe(false)
})

test('the browser forgets what it keeps of the person before, but not the cookies that were just set', () => {
  const { reply, headers } = replyInMemory()
  forgetPersonBefore(reply)
  expect(headers).toEqual({ 'Clear-Site-Data': '"cache", "storage"' })
})
