import type { Plugin } from 'vite'

/** SvelteKit's own element that tells screen readers the title of a new page; `app.css` hides it instead. */
const announcer = /(id="svelte-announcer"[^>]*?)\s+style="[^"]*"/

/**
 * Takes the style attribute off the one element of SvelteKit's that has one, so that the page runs under a plain
 * `style-src 'self'`.
 */
export const withoutInlineStyle = (): Plugin => ({
  name: 'without-inline-style',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/runtime/components/root.svelte')) return undefined
    if (!announcer.test(code)) throw new Error('SvelteKit’s announcer is written in another way now')
    return code.replace(announcer, '$1')
  },
})
