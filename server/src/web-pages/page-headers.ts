import { createHash } from 'node:crypto'

/**
 * What a browser may do with the page: run and style by our own files alone, in nobody else's frame, kept in no cache,
 * naming its address to nobody.
 */
export const pageHeaders = (page: string): Record<string, string> => ({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': contentSecurityPolicy(page),
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': permissionsPolicy,
  // For browsers that do not know frame-ancestors.
  'X-Frame-Options': 'SAMEORIGIN',
})

/** None of these is used here, and so no script that gets in can use it. */
const unused = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb']

const permissionsPolicy = unused.map((feature) => `${feature}=()`).join(', ')

/** The page's own inline scripts, if it has any, are named by their hashes (CSP level 3, section 6.7.3). */
function contentSecurityPolicy(page: string): string {
  const hashes = [...page.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  )
  return [
    `default-src 'self'`,
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    `style-src 'self'`,
    `img-src 'self' data: blob:`,
    `media-src 'self' blob:`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'self'`,
  ].join('; ')
}
