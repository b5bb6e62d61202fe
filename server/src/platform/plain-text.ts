import { z } from 'zod'

/**
 * Text that every database keeps as it was written: no NUL, which PostgreSQL refuses, and no half of a surrogate pair,
 * which is no character.
 */
export const isPlain = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

export const notPlain = 'Text must not hold NUL or broken characters'

/** A text that somebody writes, of at most `maximum` UTF-16 units. */
export const plainText = (maximum: number) => z.string().max(maximum).refine(isPlain, notPlain)
