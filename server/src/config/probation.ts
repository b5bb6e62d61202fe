import { z } from 'zod'
import {
  changesBetween,
  documentOf,
  isPlainObject,
  leavesOf,
  type PlainObject,
} from '../platform/deep-merge.ts'

/** How long a change to sign-in settings is in force unless it is confirmed, in milliseconds. */
export const probationTime = 60_000

/** A change to sign-in settings that is in force, and ends by itself unless somebody shows that the door still opens. */
export type Probation = z.infer<typeof probationSchema>

const probationSchema = z.object({
  id: z.string(),
  /** ISO 8601; from then on the settings of before are in force again. */
  until: z.string(),
  /** Who changed them; the same person confirms. */
  by: z.string(),
  /** The proxy vouched for that person on the very request that made the change. */
  vouched: z.boolean(),
  /** Dotted paths, for people. */
  changed: z.array(z.string()),
  /** What was stored about sign-in before: leaves by dotted path. */
  before: z.record(z.string(), z.unknown()),
})

/** Settings by which an admin can shut himself out. */
const aboutSignIn = /^(trustedHeader|passwordLogin|oauth)\.|^server\.externalDomain$/

/** Kept in the same text as the settings, so that both are written at once or not at all. No setting has such a name. */
const place = '$probation'

export type StoredSettings = { stored: PlainObject; probation: Probation | undefined }

/** Takes stored text apart. What is no probation of ours is dropped: the settings then stay as they are. */
export function readStored(text: string): StoredSettings {
  const document: unknown = JSON.parse(text)
  if (!isPlainObject(document)) return { stored: {}, probation: undefined }
  const { [place]: kept, ...stored } = document
  return { stored, probation: probationSchema.safeParse(kept).data }
}

export function writeStored({ stored, probation }: StoredSettings): string {
  return JSON.stringify(probation ? { ...stored, [place]: probation } : stored)
}

/** The sign-in settings, by dotted path, in which two documents in force differ. */
export function signInChanges(before: PlainObject, after: PlainObject): string[] {
  return Object.keys(changesBetween(before, after)).filter((path) => aboutSignIn.test(path))
}

type Change = { id: string; by: string; vouched: boolean; changed: string[]; now: Date }

/** Puts a change on probation. A second change while the first is on probation keeps what was there before both. */
export function onProbation({ stored, probation }: StoredSettings, change: Change): Probation {
  const { now, changed, ...who } = change
  return {
    ...who,
    until: new Date(now.getTime() + probationTime).toISOString(),
    changed: [...new Set([...(probation?.changed ?? []), ...changed])],
    vouched: change.vouched || (probation?.vouched ?? false),
    before: probation?.before ?? Object.fromEntries(signInLeaves(stored)),
  }
}

/** What is stored after a probation that nobody confirmed: sign-in as before, everything else as it is now. */
export function rolledBack(stored: PlainObject, { before }: Probation): PlainObject {
  const others = [...leavesOf(stored)].filter(([path]) => !aboutSignIn.test(path))
  return documentOf([...others, ...Object.entries(before)])
}

const signInLeaves = (stored: PlainObject) => [...leavesOf(stored)].filter(([path]) => aboutSignIn.test(path))
