/** The wire types this client uses, named as Immich's own clients know them; ours are at the end. */

export type UserAdminResponseDto = {
  id: string
  name: string
  email: string
  isAdmin: boolean
  createdAt: string
  deletedAt: string | null
  oauthId: string
  shouldChangePassword: boolean
  quotaSizeInBytes: number | null
  quotaUsageInBytes: number | null
  status: 'active' | 'removing' | 'deleted'
  /** Porchlight's own, where the server gives it: how this person has signed in so far. */
  signInMethods?: string[]
}

export type LogoutResponseDto = { successful: boolean; redirectUri: string }

export type ServerConfigDto = { isInitialized: boolean; loginPageMessage: string; trashDays: number }

export type ServerAboutResponseDto = { version: string; ffmpeg?: string }

export type PublicConfigDto = {
  /** `forApps`: Porchlight's own; a browser has no use for it. */
  oauth: { enabled: boolean; autoLaunch: boolean; buttonText: string; forApps?: boolean }
  passwordLogin: { enabled: boolean }
  server: { loginPageMessage: string }
  /** Absent while the feature is off. */
  trustedHeader?: { enabled: boolean }
}

export type TimeBucketsResponseDto = { timeBucket: string; count: number }

/** Columns of equal length, newest first. `fileCreatedAt` is UTC without a `Z`; `duration` is milliseconds. */
export type TimeBucketAssetResponseDto = {
  id: string[]
  ratio: number[]
  isImage: boolean[]
  isFavorite: boolean[]
  thumbhash: (string | null)[]
  fileCreatedAt: string[]
  localOffsetHours: number[]
  duration: (number | null)[]
  city?: (string | null)[]
  country?: (string | null)[]
}

export type ExifResponseDto = {
  make?: string | null
  model?: string | null
  lensModel?: string | null
  fNumber?: number | null
  focalLength?: number | null
  iso?: number | null
  exposureTime?: string | null
  fileSizeInByte?: number | null
  timeZone?: string | null
  latitude?: number | null
  longitude?: number | null
  city?: string | null
  state?: string | null
  country?: string | null
  description?: string | null
}

export type AssetResponseDto = {
  id: string
  type: 'IMAGE' | 'VIDEO' | 'AUDIO' | 'OTHER'
  originalFileName: string
  originalMimeType?: string
  thumbhash: string | null
  fileCreatedAt: string
  /** The wall clock where the picture was taken, written as if it were UTC. */
  localDateTime: string
  duration: number | null
  width: number | null
  height: number | null
  isFavorite: boolean
  isTrashed: boolean
  exifInfo?: ExifResponseDto
}

export type AssetMediaResponseDto = { id: string; status: 'created' | 'duplicate' }

export type ApiKeyResponseDto = {
  id: string
  name: string
  createdAt: string
  updatedAt: string
  permissions: string[]
}

export type ApiKeyCreateResponseDto = ApiKeyResponseDto & { secret: string }

export type SettingSource = {
  source: 'environment' | 'file' | 'stored' | 'preset' | 'default'
  name?: string
}

/** Where each setting has its value from, by dotted path (`trustedHeader.networks`). */
export type ProvenanceDto = Record<string, SettingSource>

export type ArrivalVerdict = { identity: { email: string } } | { refused: string; explanation: string }

/** What the server sees of the request that asks. */
export type ArrivalDto = {
  /** Null where the socket told no address. */
  peer: string | null
  /** The peer lies inside a trusted network. */
  trusted: boolean
  verdict: ArrivalVerdict
  headers: { name: string; value: string }[]
}
