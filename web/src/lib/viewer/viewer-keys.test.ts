import { expect, it } from 'vitest'
import { viewerKey } from './viewer-keys.ts'

const plain = { altKey: false, ctrlKey: false, metaKey: false, defaultPrevented: false, target: null }
const video = { playsInline: true } as unknown as EventTarget

it.each([
  ['Escape', 'close'],
  ['ArrowRight', 'older'],
  ['ArrowLeft', 'newer'],
  ['i', 'info'],
  ['I', 'info'],
  ['f', 'favorite'],
  ['Delete', 'trash'],
  ['x', undefined],
  ['constructor', undefined],
])('%s means %s', (key, act) => {
  expect(viewerKey({ ...plain, key })).toBe(act)
})

it('leaves the browser its own shortcuts', () => {
  expect(viewerKey({ ...plain, key: 'f', ctrlKey: true })).toBeUndefined()
  expect(viewerKey({ ...plain, key: 'ArrowLeft', altKey: true })).toBeUndefined()
})

it('leaves a video its own arrow keys, but Escape closes', () => {
  expect(viewerKey({ ...plain, key: 'ArrowRight', target: video })).toBeUndefined()
  expect(viewerKey({ ...plain, key: 'Escape', target: video })).toBe('close')
})
