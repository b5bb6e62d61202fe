/** Settings by which an admin can shut himself out; the server tries them out before it keeps them. */
export const isAboutSignIn = (path: string): boolean =>
  /^(trustedHeader|passwordLogin|oauth)\.|^server\.externalDomain$/.test(path)
