import { expect, it, vi } from 'vitest'
import { copyText } from './copy-text.ts'

const page = (copies: boolean) => ({
  select: vi.fn<() => void>(),
  copySelection: vi.fn<() => boolean>(() => copies),
})

it('puts the text into the clipboard and leaves the page alone', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {})
  const ports = page(true)
  expect(await copyText('secret', { clipboard: { writeText }, ...ports })).toBe(true)
  expect(writeText).toHaveBeenCalledWith('secret')
  expect(ports.select).not.toHaveBeenCalled()
})

it('copies what it selects where the page has no clipboard, as without HTTPS', async () => {
  const ports = page(true)
  expect(await copyText('secret', { clipboard: undefined, ...ports })).toBe(true)
  expect(ports.select.mock.invocationCallOrder[0]).toBeLessThan(
    ports.copySelection.mock.invocationCallOrder[0] ?? 0,
  )
})

it('does not say that it copied when nothing allows it, and leaves the text selected', async () => {
  const writeText = async (): Promise<void> => {
    throw new Error('NotAllowedError')
  }
  const ports = page(false)
  expect(await copyText('secret', { clipboard: { writeText }, ...ports })).toBe(false)
  expect(ports.select).toHaveBeenCalledTimes(1)
})
