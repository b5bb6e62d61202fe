import { beforeAll, describe, expect, test } from 'vitest'
import { accountAttacks } from '../conformance/attacks-accounts.ts'
import { credentialAttacks } from '../conformance/attacks-credentials.ts'
import { identityAttacks } from '../conformance/attacks-identity.ts'
import { sessionAttacks } from '../conformance/attacks-sessions.ts'
import { trustAttacks } from '../conformance/attacks-trust.ts'
import { conformancePage } from '../conformance/conformance-page.ts'
import type { MeasuredRow } from '../conformance/conformance-page.ts'
import { openHouses } from '../conformance/houses.ts'
import { frontKinds, openLab } from '../conformance/lab.ts'
import type { Front } from '../conformance/lab.ts'
import type { Row } from '../conformance/measure.ts'
import { openStage } from '../stacks/stage.ts'
import { writtenPage } from '../stacks/written-page.ts'

const sections: { title: string; rows: readonly Row[] }[] = [
  { title: 'A. Getting an identity in', rows: [...identityAttacks, ...trustAttacks] },
  { title: 'B. From an identity to an account', rows: accountAttacks },
  { title: 'C. Session, browser, cache', rows: sessionAttacks },
  { title: 'D. Other credentials and clients', rows: credentialAttacks },
]

describe('every known attack, by way of every proxy', () => {
  const stage = openStage()
  const houses = openHouses(stage)
  const measured = new Map<Row, MeasuredRow>()
  let fronts: Front[]

  beforeAll(async () => {
    fronts = await openLab(stage)
  })

  test.each(sections.flatMap(({ rows }) => rows))('$id $title: never a wrong person', async (row) => {
    const cases: MeasuredRow['cases'][number][] = []
    for (const one of row.cases) {
      const concerned = fronts.filter(({ kind }) => (one.only?.fronts ?? frontKinds).includes(kind))
      const cells = []
      for (const front of concerned) {
        cells.push({ front: front.kind, measured: await one.measure(front, houses) })
      }
      cases.push({ case: one, cells })
    }
    measured.set(row, { row, cases })
    expect(cases.flatMap(wrongOnes)).toEqual([])
  })

  test('the table in docs/conformance.md says what was measured', () => {
    const all = sections.map(({ title, rows }) => ({
      title,
      rows: rows.flatMap((row) => measured.get(row) ?? []),
    }))
    expect(all.flatMap(({ rows }) => rows)).toHaveLength(sections.flatMap(({ rows }) => rows).length)
    const page = conformancePage(all)
    expect(writtenPage('conformance.md', page)).toBe(page)
  })
})

const wrongOnes = ({ case: { sent }, cells }: MeasuredRow['cases'][number]) =>
  cells.flatMap(({ front, measured: { wrong, did } }) =>
    wrong === undefined ? [] : [{ sent, front, did, wrong }],
  )
