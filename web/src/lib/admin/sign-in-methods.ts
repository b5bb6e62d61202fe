import type { UserAdminResponseDto } from '../api/api-types.ts'

const words: Record<string, string> = { header: 'proxy', password: 'password', oauth: 'OpenID Connect' }

/** `proxy, password`; empty where the server does not tell. */
export const signInMethodsOf = ({
  signInMethods = [],
}: Pick<UserAdminResponseDto, 'signInMethods'>): string =>
  signInMethods.map((method) => words[method] ?? method).join(', ')
