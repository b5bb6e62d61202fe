import { createWalker, type Walker } from './form-walker.ts'

/** Somebody in a browser of her own, at the app and its issuer. */
export type OauthPerson = {
  walker: Walker
  /** @returns the address at the issuer to which the app sends her */
  begin: () => Promise<string>
  signIn: (account: string) => Promise<Response>
  me: () => Promise<Response>
}

export function oauthPerson(app: string): OauthPerson {
  const walker = createWalker()
  const page = `${app}/auth/login`
  const begin = async () => {
    const answer = await walker.request(`${app}/api/oauth/authorize`, { redirectUri: page })
    return ((await answer.json()) as { url: string }).url
  }
  return {
    walker,
    begin,
    async signIn(account) {
      const came = await walker.walk(await begin(), { until: page, account })
      return walker.request(`${app}/api/oauth/callback`, { url: came })
    },
    me: () => walker.request(`${app}/api/users/me`),
  }
}
