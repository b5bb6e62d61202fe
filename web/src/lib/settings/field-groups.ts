import type { Field, Section } from './setting-fields.ts'

export type FieldGroup = { title: string; help: string; fields: Field[]; folded: boolean }

type Plan = { title: string; help: string; paths: readonly string[]; folded?: boolean }

/** The order in which somebody sets up the front door; a path stands for all that is below it. */
const trustedHeader: readonly Plan[] = [
  {
    title: 'The switch',
    help: 'While this is off, identity headers are not even looked at.',
    paths: ['enabled'],
  },
  {
    title: 'Login service',
    help: 'Fills in what it sends. What you have changed yourself stays.',
    paths: ['preset'],
  },
  {
    title: 'How you know that it is your proxy',
    help: 'Only its word counts. Proofs add up: whatever you fill in here must hold.',
    paths: ['networks', 'unixSocket', 'secret'],
  },
  {
    title: 'Identity headers',
    help: 'Headers your proxy sets, and removes when a visitor sends them. Empty: not read.',
    paths: ['headers'],
  },
  {
    title: 'Accounts and groups',
    help: 'What happens to those who are let in.',
    paths: ['autoRegister', 'linkExisting', 'memberGroup', 'adminGroup', 'syncProfile', 'onConflict'],
  },
  { title: 'Signing out', help: 'So that the session at the login service ends too.', paths: ['signOutUrl'] },
  {
    title: 'Signed assertion',
    help: 'A token signed by the login service instead of plain headers. With it, plain headers are not read at all.',
    paths: ['assertion'],
    folded: true,
  },
  {
    title: 'Advanced',
    help: 'Rarely needed.',
    paths: ['allowedHosts', 'groupSeparator', 'nameEncoding', 'backChannelLogout'],
    folded: true,
  },
]

/** The fields of a section under headings. A field that no plan names is shown last, so that none is ever missing. */
export function groupsOf(section: Section): FieldGroup[] {
  if (section.key !== 'trustedHeader')
    return [{ title: '', help: '', fields: [...section.fields], folded: false }]
  const left = new Set(section.fields)
  const groups = trustedHeader.map(({ title, help, paths, folded = false }) => {
    const fields = paths.flatMap((path) => take(left, `trustedHeader.${path}`))
    return { title, help, fields, folded }
  })
  const others = { title: 'More', help: '', fields: [...left], folded: true }
  return [...groups, others].filter(({ fields }) => fields.length > 0)
}

function take(left: Set<Field>, path: string): Field[] {
  const found = [...left].filter((field) => field.path === path || field.path.startsWith(`${path}.`))
  for (const field of found) left.delete(field)
  return found
}
