import type {
  ApiKeyCreateResponseDto,
  ApiKeyResponseDto,
  AuthStatusResponseDto,
  LoginResponseDto,
  LogoutResponseDto,
  OAuthAuthorizeResponseDto,
  SessionCreateResponseDto,
  SessionResponseDto,
  SharedLinkResponseDto,
  UserAdminResponseDto,
} from '@immich/sdk'

type Kind<T> = [T] extends [string]
  ? 'text'
  : [T] extends [number]
    ? 'number'
    : [T] extends [boolean]
      ? 'yes or no'
      : [T] extends [readonly unknown[]]
        ? 'list'
        : 'object'

/** What a field may be: its kind, whether it may be null, and whether it may be absent. */
type Word<
  T,
  Field extends keyof T,
> = `${Kind<NonNullable<T[Field]>>}${null extends T[Field] ? ' or null' : ''}${object extends Pick<T, Field> ? '?' : ''}`

/**
 * A type of the SDK, field by field, in words that are there when the program runs. The compiler holds it against the
 * type: a field too few, too many or of another kind is an error.
 */
type Shape<T> = { [Field in keyof Required<T>]: Word<T, Field> }

const session = {
  id: 'text',
  createdAt: 'text',
  updatedAt: 'text',
  expiresAt: 'text?',
  current: 'yes or no',
  deviceType: 'text',
  deviceOS: 'text',
  appVersion: 'text or null',
  isPendingSyncReset: 'yes or no',
} as const satisfies Shape<SessionResponseDto>

const apiKey = {
  id: 'text',
  name: 'text',
  createdAt: 'text',
  updatedAt: 'text',
  permissions: 'list',
} as const satisfies Shape<ApiKeyResponseDto>

export const shapes = {
  login: {
    accessToken: 'text',
    userId: 'text',
    userEmail: 'text',
    name: 'text',
    profileImagePath: 'text',
    isAdmin: 'yes or no',
    shouldChangePassword: 'yes or no',
    isOnboarded: 'yes or no',
  } satisfies Shape<LoginResponseDto>,
  logout: { successful: 'yes or no', redirectUri: 'text' } satisfies Shape<LogoutResponseDto>,
  oauthAuthorize: { url: 'text' } satisfies Shape<OAuthAuthorizeResponseDto>,
  authStatus: {
    pinCode: 'yes or no',
    password: 'yes or no',
    isElevated: 'yes or no',
    expiresAt: 'text?',
    pinExpiresAt: 'text?',
  } satisfies Shape<AuthStatusResponseDto>,
  /** Without the groups of a cluster, which Porchlight has none of. */
  userAdmin: {
    id: 'text',
    email: 'text',
    name: 'text',
    profileImagePath: 'text',
    avatarColor: 'text',
    profileChangedAt: 'text',
    storageLabel: 'text or null',
    shouldChangePassword: 'yes or no',
    isAdmin: 'yes or no',
    createdAt: 'text',
    updatedAt: 'text',
    deletedAt: 'text or null',
    oauthId: 'text',
    quotaSizeInBytes: 'number or null',
    quotaUsageInBytes: 'number or null',
    status: 'text',
    license: 'object or null',
  } satisfies Shape<Omit<UserAdminResponseDto, 'clusterGroupId'>>,
  session,
  sessionCreate: { ...session, token: 'text' } satisfies Shape<SessionCreateResponseDto>,
  apiKey,
  apiKeyCreate: { ...apiKey, secret: 'text', apiKey: 'object' } satisfies Shape<ApiKeyCreateResponseDto>,
  sharedLink: {
    id: 'text',
    type: 'text',
    key: 'text',
    slug: 'text or null',
    userId: 'text',
    description: 'text or null',
    password: 'text or null',
    createdAt: 'text',
    expiresAt: 'text or null',
    allowDownload: 'yes or no',
    allowUpload: 'yes or no',
    showMetadata: 'yes or no',
    assets: 'list',
    album: 'object?',
  } satisfies Shape<SharedLinkResponseDto>,
} as const

/** What is wrong with an answer, as the SDK's users would see it; fields that the SDK does not know are no mistake. */
export function mistakesIn(answer: unknown, shape: Record<string, string>): string[] {
  if (typeof answer !== 'object' || answer === null) return [`${JSON.stringify(answer)} is no object`]
  const fields = answer as Record<string, unknown>
  return Object.entries(shape).flatMap(([name, word]) => {
    const value = fields[name]
    const allowed = word.replace(/\?$/, '').split(' or null')
    if (value === undefined) return word.endsWith('?') ? [] : [`${name} is missing`]
    if (value === null) return allowed.length > 1 ? [] : [`${name} is null`]
    return kindOf(value) === allowed[0] ? [] : [`${name} is ${kindOf(value)}, not ${word}`]
  })
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  const words: Record<string, string> = { string: 'text', number: 'number', boolean: 'yes or no' }
  return words[typeof value] ?? 'object'
}
