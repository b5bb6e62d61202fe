import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeRefusal, refusalCodes } from '@porchlight/trusted-header'
import { expect, test } from 'vitest'
import { auditKindNames, auditKinds } from '../src/audit/audit-kinds.ts'
import { allCodes, describeCode, serverRefusalCodes } from '../src/audit/refusal-reasons.ts'
import { expectWritten, markdownTable } from './written-docs.ts'

test('the docs name every reason code and every kind of event', () => {
  expect(auditKindNames.length).toBeGreaterThan(20)
  const sentence = (code: string) => [`\`${code}\``, describeCode(code) ?? '']
  expectWritten(
    'refusal-codes.md',
    `# Reason codes, and what the activity list tells of

What a refused request and the list under Activity say, and what to do about it. Written by a test; do not edit.
A peer outside the trusted networks is never told a code: it learns nothing of what it did wrong. Admins see it.

## When the identity header is looked at

In the order in which it is asked; the first that applies is the one.

${markdownTable([['Code', 'What it means'], ...refusalCodes.map(sentence)])}

## When the person is looked for, and later

${markdownTable([['Code', 'What it means'], ...serverRefusalCodes.map(sentence)])}

## What is kept under Activity

Equal events of one hour are one entry with a count, except where somebody of the household did something. Of one kind at
most 500 entries are kept apart in an hour; beyond them addresses and peers are \`others\`. Entries are kept for 90 days
(\`audit.keepDays\`).

${markdownTable([
  ['Event', 'Kind', 'What it means'],
  ...auditKindNames.map((kind) => [auditKinds[kind].title, `\`${kind}\``, auditKinds[kind].about]),
])}
`,
  )
})

test('no code is two things, and each has a sentence that ends', () => {
  expect(new Set(allCodes).size).toBe(allCodes.length)
  for (const code of allCodes) expect(describeCode(code)).toMatch(/^[A-Z].*\.$/s)
  for (const code of refusalCodes) expect(describeCode(code)).toBe(describeRefusal(code))
  expect(describeCode('constructor')).toBeUndefined()
})

/** What the source gives as a code, in the forms that are used for it. */
const codeForms = [
  /\brefused: '([a-z_]+)'/g,
  /\bcode: '([a-z_]+)'/g,
  /(?:unauthenticated|forbidden)\('[^']*', '([a-z_]+)'\)/g,
]

test('every code that the server gives is known here', () => {
  const folder = join(import.meta.dirname, '../src')
  const sources = globSync(
    '{auth,live,audit,sessions,users,api-keys,config,openid-connect,sign-in-check}/**/*.ts',
    {
      cwd: folder,
    },
  )
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
  const given = sources.flatMap((text) =>
    codeForms.flatMap((form) => [...text.matchAll(form)].map(([, code = '']) => code)),
  )
  expect(given.length).toBeGreaterThan(5)
  // zod's word for an issue of our own.
  expect([...new Set(given)].filter((code) => code !== 'custom' && !allCodes.includes(code))).toEqual([])
})
