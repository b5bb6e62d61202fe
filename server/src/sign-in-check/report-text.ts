import type { Line } from './sign-in-check.ts'

const marks: Record<Line['level'], string> = { bad: 'BAD ', warn: 'WARN', unknown: '?   ', good: 'ok  ' }
const colours: Record<Line['level'], number> = { bad: 31, warn: 33, unknown: 36, good: 32 }

/** The findings as lines of plain text; with `colour` for a terminal. */
export function reportText(lines: readonly Line[], { colour = false } = {}): string {
  const paint = (level: Line['level'], text: string) =>
    colour ? `\u001b[${colours[level]}m${text}\u001b[0m` : text
  return lines
    .flatMap((line) => [paint(line.level, `${marks[line.level]}  ${line.title}`), ...details(line)])
    .join('\n')
}

function details({ reason, sent, arrived, mend }: Line): string[] {
  return [
    `      ${reason}`,
    ...(sent === undefined ? [] : [`      sent:    ${sent}`]),
    ...(arrived === undefined ? [] : [`      arrived: ${arrived}`]),
    ...(mend ? [`      mend:    ${mend.where}`, ...mend.lines.map((text) => `          ${text}`)] : []),
  ]
}

/** The same for a stranger's eyes, in a bug report: no address of people, no public address, no name of the house. */
export function maskedReport(lines: readonly Line[], hosts: readonly string[]): string {
  let text = reportText(lines)
  for (const host of hosts.filter(
    (one) => one !== '' && !/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(one),
  ))
    text = text.replaceAll(host, 'photos.example')
  return text
    .replace(/[\w.+*-]+@[\w.-]+/g, (email) => (email.endsWith('.invalid') ? email : '…@…'))
    .replace(/\b(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b/g, (address, start: string) =>
      isPrivate(address) ? address : `${start}.x.x`,
    )
    .replace(/\b((?!f[cde])[0-9a-f]{3,4}:[0-9a-f]{1,4}):[0-9a-f:]*[0-9a-f]\b/gi, '$1:x')
}

const isPrivate = (address: string) =>
  /^(10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^0\./.test(address)
