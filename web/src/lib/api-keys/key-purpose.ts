/** What a person makes a key for; each purpose stands for Immich's permission words. */
export type KeyPurpose = 'upload' | 'everything'

const permissions: Record<KeyPurpose, readonly string[]> = {
  // What Immich's CLI asks for: user.read to log in, the next two for server-info, the rest to upload into albums.
  upload: [
    'user.read',
    'server.about',
    'asset.statistics',
    'asset.upload',
    'album.read',
    'album.create',
    'albumAsset.create',
  ],
  everything: ['all'],
}

const names: Record<KeyPurpose, string> = { upload: 'Upload from a folder', everything: 'Everything' }

/** The choices of the form; the narrow one comes first and is what is chosen until said otherwise. */
export const keyPurposes: readonly { value: KeyPurpose; text: string; hint: string }[] = [
  {
    value: 'upload',
    text: names.upload,
    hint: 'For Immich’s command line: adds photos and puts them into albums. It cannot open or delete them.',
  },
  {
    value: 'everything',
    text: names.everything,
    hint: 'Whoever holds the key can do all that you can. For apps that you trust with that.',
  },
]

export const permissionsFor = (purpose: KeyPurpose): readonly string[] => permissions[purpose]

/** In a word, what a key may do; keys made elsewhere are told by their own permission words. */
export function describePermissions(granted: readonly string[]): string {
  if (granted.includes('all')) return names.everything
  const isUpload = granted.length === permissions.upload.length
  if (isUpload && permissions.upload.every((word) => granted.includes(word))) return names.upload
  return granted.join(', ')
}
