/** One combination of all that the design's tables speak of. A is gran, whose browser it is; B is anna. */
export type MatrixCase = {
  passwordLogin: boolean
  headerOn: boolean
  onConflict: 'header' | 'refuse'
  header: 'A' | 'B' | 'none' | 'bad'
  cookie: 'none' | 'unknown' | 'header session' | 'password session'
  peer: 'trusted' | 'untrusted'
  kind: 'GET' | 'POST' | 'HTML' | 'media' | 'websocket'
}

export type MatrixOutcome = {
  /** For whom the server acts. */
  actsFor: 'A' | 'B' | 'nobody'
  code: string | undefined
  /** Gran's session afterwards. */
  sessionOfA: 'lives' | 'ended' | 'none'
  /** What becomes of the cookies: whose they are afterwards, where they change. */
  cookies: 'kept' | 'cleared' | 'A' | 'B'
}

/** What the design says, table by table, in the order of its sections 3 and 5. Knows nothing of the program. */
export function designSays(one: MatrixCase): MatrixOutcome {
  const outcome = outcomeOf(one)
  // The answer to a handshake brings no cookies, and a page has no body that could tell a code.
  if (one.kind === 'websocket') return { ...outcome, cookies: 'kept' }
  return one.kind === 'HTML' ? { ...outcome, code: undefined } : outcome
}

function outcomeOf(one: MatrixCase): MatrixOutcome {
  // Section 3: identity headers count from a proxy, and only while the feature is on.
  const fromProxy = one.headerOn && one.peer === 'trusted'
  const word = fromProxy ? one.header : 'outside'
  const person = word === 'A' || word === 'B' ? word : undefined
  if (one.cookie === 'header session') return headerSession(one, word)
  if (one.cookie === 'password session') return passwordSession(one, word)
  return person ? headerWithoutSession(one, person) : nobodyThere(one, word)
}

type Word = MatrixCase['header'] | 'outside'

/** Section 5, rows 1 to 4. */
function headerSession(one: MatrixCase, word: Word): MatrixOutcome {
  if (word === 'A') return { actsFor: 'A', code: undefined, sessionOfA: 'lives', cookies: 'kept' }
  if (word === 'B') return anotherPerson(one, 'ended')
  if (word === 'outside') return { actsFor: 'nobody', code: undefined, sessionOfA: 'lives', cookies: 'kept' }
  return { actsFor: 'nobody', code: 'signed_out_at_proxy', sessionOfA: 'ended', cookies: 'cleared' }
}

/** Section 5, rows 5 and 6. */
function passwordSession(one: MatrixCase, word: Word): MatrixOutcome {
  if (word !== 'B') return { actsFor: 'A', code: undefined, sessionOfA: 'lives', cookies: 'kept' }
  if (one.onConflict === 'header') return anotherPerson(one, 'lives')
  return { actsFor: 'nobody', code: 'identity_conflict', sessionOfA: 'lives', cookies: 'kept' }
}

/** A document is B's own; a call of A's page does nothing, but the cookies are B's already. */
function anotherPerson({ kind }: MatrixCase, sessionOfA: 'lives' | 'ended'): MatrixOutcome {
  if (kind === 'HTML') return { actsFor: 'B', code: undefined, sessionOfA, cookies: 'B' }
  return { actsFor: 'nobody', code: 'identity_changed', sessionOfA, cookies: 'B' }
}

/** Section 5, rows 7 and 9; section 3, number 5. */
function headerWithoutSession({ kind, cookie }: MatrixCase, person: 'A' | 'B'): MatrixOutcome {
  if (kind === 'HTML') return { actsFor: person, code: undefined, sessionOfA: 'none', cookies: person }
  if (kind === 'websocket')
    return { actsFor: 'nobody', code: 'session_required', sessionOfA: 'none', cookies: 'kept' }
  const cookies = cookie === 'unknown' ? 'cleared' : 'kept'
  return { actsFor: person, code: undefined, sessionOfA: 'none', cookies }
}

/** Section 5, row 8; section 3, number 6. Only a proxy learns what it did wrong. */
function nobodyThere({ cookie }: MatrixCase, word: Word): MatrixOutcome {
  const stale = cookie === 'unknown'
  const code = word === 'bad' && !stale ? 'header_repeated' : undefined
  return { actsFor: 'nobody', code, sessionOfA: 'none', cookies: stale ? 'cleared' : 'kept' }
}

const both = [true, false]

/** Every combination under the same settings. */
export function casesUnder(
  settings: Pick<MatrixCase, 'passwordLogin' | 'headerOn' | 'onConflict'>,
): MatrixCase[] {
  const cases: MatrixCase[] = []
  for (const header of ['A', 'B', 'none', 'bad'] as const)
    for (const cookie of ['none', 'unknown', 'header session', 'password session'] as const)
      for (const peer of ['trusted', 'untrusted'] as const)
        for (const kind of ['GET', 'POST', 'HTML', 'media', 'websocket'] as const)
          cases.push({ ...settings, header, cookie, peer, kind })
  return cases
}

export const allSettings = both.flatMap((passwordLogin) =>
  both.flatMap((headerOn) =>
    (['header', 'refuse'] as const).map((onConflict) => ({ passwordLogin, headerOn, onConflict })),
  ),
)
