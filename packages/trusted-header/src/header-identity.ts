import { readName } from './display-name.ts'
import { readEmail } from './email-header.ts'
import { readGroups } from './groups.ts'
import { decodeUtf8, withoutRepeats } from './header-value.ts'
import { identityOf, type IdentityFound } from './identity-parts.ts'
import { readId } from './login-id.ts'
import { createMemo } from './memo.ts'
import { parsePicture } from './picture-url.ts'
import { parseQuota } from './quota.ts'
import type { Policy } from './policy.ts'

/** The lines that a request carries of each identity header; undefined: not configured, or absent. */
export type IdentityLines = {
  readonly email: string | undefined
  /** Empty when it is configured and absent. */
  readonly id: string | undefined
  readonly name: string | undefined
  readonly groups: string | undefined
  readonly picture: string | undefined
  readonly quota: string | undefined
}

/** A household is a few people, and their headers are the same from one request to the next. */
const bounds = { most: 256, longest: 1000 }

/** Reads identities from header lines, in the form that the policy says. */
export function createIdentityReader({
  groupSeparator = ',',
  nameEncoding = 'utf-8',
}: Pick<Policy, 'groupSeparator' | 'nameEncoding'>): (lines: IdentityLines) => IdentityFound {
  const email = createMemo(readEmail, bounds)
  const id = createMemo(readId, bounds)
  // Readers that may find nothing put what they found in a box.
  const name = createMemo((line) => ({ read: readName(line, nameEncoding) }), bounds)
  const groups = createMemo((line) => ({ read: readGroups(line, groupSeparator) }), bounds)
  const picture = createMemo((line) => ({ read: readUtf8(line, parsePicture) }), bounds)
  const quota = createMemo((line) => ({ read: readUtf8(line, parseQuota) }), bounds)

  return (lines) => {
    const person = email(lines.email ?? '')
    const known = lines.id === undefined ? undefined : id(lines.id)
    // Whoever says two things is refused before it is asked what they are.
    if (known && 'refused' in known && known.refused === 'header_repeated') return known
    if ('refused' in person) return person
    if (known && 'refused' in known) return known

    const read = <T>(line: string | undefined, reader: (line: string) => { read: T }): T | undefined => {
      if (line === undefined) return undefined
      return reader(person.times === 1 ? line : withoutRepeats(line, person.times)).read
    }
    return {
      identity: identityOf({
        email: person.email,
        id: known?.id,
        name: read(lines.name, name),
        groups: read(lines.groups, groups),
        picture: read(lines.picture, picture),
        quotaBytes: read(lines.quota, quota),
      }),
    }
  }
}

function readUtf8<T>(line: string, parse: (text: string) => T | undefined): T | undefined {
  const text = decodeUtf8(line)
  return text === undefined ? undefined : parse(text)
}
