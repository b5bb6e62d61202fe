import type { Field } from './setting-fields.ts'

const words: Record<string, string> = {
  'trustedHeader.linkExisting.email': 'Yes, by the e-mail address',
  'trustedHeader.linkExisting.never': 'Never',
  'trustedHeader.onConflict.header': 'The header wins',
  'trustedHeader.onConflict.refuse': 'Refuse',
  'trustedHeader.syncProfile.name': 'Name',
  'trustedHeader.syncProfile.picture': 'Picture',
  'trustedHeader.syncProfile.quota': 'Quota',
  'trustedHeader.nameEncoding.utf-8': 'Plainly (UTF-8)',
  'trustedHeader.nameEncoding.rfc2047': 'As in mail (RFC 2047)',
  'trustedHeader.nameEncoding.percent': 'With percent signs',
  'trustedHeader.nameEncoding.base64': 'Base64',
  'trustedHeader.nameEncoding.latin1': 'Latin 1',
}

/** One of the choices of a setting in people's words; the choice itself where there are none. */
export const choiceWords = (
  { path, choiceTitles }: Pick<Field, 'path' | 'choiceTitles'>,
  choice: string,
): string => choiceTitles?.[choice] ?? words[`${path}.${choice}`] ?? choice
