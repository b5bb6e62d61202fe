import { frontNames } from './lab.ts'
import type { FrontKind } from './lab.ts'
import type { Case, Measured, Row } from './measure.ts'

export type MeasuredCase = { case: Case; cells: readonly { front: FrontKind; measured: Measured }[] }
export type MeasuredRow = { row: Row; cases: readonly MeasuredCase[] }

/** The rows of one section as Markdown: a table for each, fronts with the same outcome in one line. */
export function pageOf(rows: readonly MeasuredRow[]): string {
  return rows.map(tableOf).join('\n')
}

function tableOf({ row, cases }: MeasuredRow): string {
  const head = [
    '| The client sends | by way of | what arrives | what Porchlight does |',
    '| --- | --- | --- | --- |',
  ]
  const lines = cases.flatMap(linesOf)
  const note = row.note === undefined ? [] : [row.note, '']
  return [
    `### ${row.id} ${row.title}`,
    '',
    ...note,
    ...(lines.length === 0 ? [] : [...head, ...lines, '']),
  ].join('\n')
}

function linesOf({ case: { sent, only }, cells }: MeasuredCase): string[] {
  const groups = Map.groupBy(cells, ({ measured }) => `${measured.arrived}\n${measured.did}`)
  const measured = [...groups.values()].map((group, index) => {
    const [first] = group
    const fronts = group.map(({ front }) => frontNames[front]).join(', ')
    return line(index === 0 ? sent : '', fronts, first?.measured.arrived ?? '', first?.measured.did ?? '')
  })
  return only === undefined ? measured : [...measured, line('', 'the others', only.because, '')]
}

const line = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
