import type { Field, Section } from './setting-fields.ts'

export type Found = { section: Section; field: Field }

/** The settings whose words hold every word that was typed; those where a title holds them come first. */
export function findSettings(sections: readonly Section[], typed: string): Found[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const all = sections.flatMap((section) => section.fields.map((field) => ({ section, field })))
  const found = all.filter(({ section, field }) => holdsAll(textOf(section, field), words))
  const isNamed = ({ field }: Found) => holdsAll(field.title, words)
  return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))]
}

const textOf = (section: Section, field: Field) =>
  [section.title, field.title, field.help, field.path, ...field.environment, ...field.choices].join(' ')

function holdsAll(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return words.every((word) => lower.includes(word))
}
