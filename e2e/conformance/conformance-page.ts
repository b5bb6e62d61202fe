import { frontKinds, frontNames } from './lab.ts'
import type { FrontKind } from './lab.ts'
import type { Case, Measured, Row } from './measure.ts'

export type MeasuredCase = { case: Case; cells: readonly { front: FrontKind; measured: Measured }[] }
export type MeasuredRow = { row: Row; cases: readonly MeasuredCase[] }

const introduction = `# Known attacks, and what comes of them

Written by a test (\`e2e/specs/conformance.test.ts\`); do not edit. It starts real proxies with the recipes of
[deploy/](../deploy), lets a client send what is in the first column, and looks at what reaches Porchlight and at what it
answers. The test fails when a wrong person gets in anywhere, and when this page is not what it measured.

- **by way of**: the proxies of Debian 12 with their recipes. **no proxy** is the server alone: the client calls from the
  proxy’s own address, so that what it sends counts as the proxy’s word, and what the portal says stands after it; where
  that makes no sense, it calls from another address.
- **the portal says**: what the login service answers about whoever asks, by header (Caddy, nginx, HAProxy) or by claim of
  an ID token (Apache).
- **what arrives**: the header lines that hold an address, unless the line is about others; names of headers in lower case.
- **what Porchlight does**: the status, and either whom it takes the client for or its reason code, where it gives one.
  The request is \`GET /api/users/me\` unless another is named.
`

/** The whole page as Markdown, with fronts of the same outcome in one line. */
export function conformancePage(
  sections: readonly { title: string; rows: readonly MeasuredRow[] }[],
): string {
  const parts = sections.map(({ title, rows }) => `## ${title}\n\n${rows.map(tableOf).join('\n')}`)
  return [introduction, ...parts].join('\n')
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
    const fronts = namesOf(group.map(({ front }) => front))
    return line(index === 0 ? sent : '', fronts, first?.measured.arrived ?? '', first?.measured.did ?? '')
  })
  return only === undefined
    ? measured
    : [
        ...measured,
        line('', namesOf(frontKinds.filter((kind) => !only.fronts.includes(kind))), only.because, ''),
      ]
}

const namesOf = (kinds: readonly FrontKind[]) => kinds.map((kind) => frontNames[kind]).join(', ')

const line = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
