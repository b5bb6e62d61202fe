import { lowerAscii } from './ascii.ts'

/**
 * What is left of a name when everything but letters and digits is dropped. Names with the same key are aliases: some hop
 * on the way (CGI, WSGI, a lenient proxy) may take one for the other, so `Remote_Email` may be a client's `Remote-Email`.
 */
export function aliasKey(name: string): string {
  return lowerAscii(name).replace(/[^a-z0-9]/g, '')
}
