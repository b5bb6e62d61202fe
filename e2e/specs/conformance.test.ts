import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityAttacks } from '../conformance/attacks-identity.ts'
import { pageOf } from '../conformance/conformance-page.ts'
import type { MeasuredRow } from '../conformance/conformance-page.ts'
import { openHouses } from '../conformance/houses.ts'
import { frontKinds, openLab } from '../conformance/lab.ts'
import type { Front } from '../conformance/lab.ts'
import type { Row } from '../conformance/measure.ts'
import { openStage } from '../stacks/stage.ts'

const page = join(import.meta.dirname, '../../docs/conformance.md')

const sections: { title: string; rows: readonly Row[] }[] = [
  { title: 'A. Getting an identity in', rows: identityAttacks },
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
    const cases = []
    for (const one of row.cases) {
      const concerned = fronts.filter(({ kind }) => (one.only?.fronts ?? frontKinds).includes(kind))
      const cells = []
      for (const front of concerned) {
        cells.push({ front: front.kind, measured: await one.measure(front, houses) })
      }
      cases.push({ case: one, cells })
    }
    measured.set(row, { row, cases })
    const wrong = cases.flatMap(({ case: { sent }, cells }) =>
      cells.flatMap(({ front, measured: { wrong } }) =>
        wrong === undefined ? [] : [{ sent, front, wrong }],
      ),
    )
    expect(wrong).toEqual([])
  })

  afterAll(() => {
    const all = sections.map(
      ({ title, rows }) => `## ${title}\n\n${pageOf(rows.flatMap((row) => measured.get(row) ?? []))}`,
    )
    writeFileSync('/tmp/p/rec/page.md', all.join('\n'))
  })
})
void [existsSync, readFileSync, page]
