import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'vite'
import { withoutInlineScript } from './without-inline-script.ts'
import { withoutInlineStyle } from './without-inline-style.ts'

/** `npm run dev` puts the server's address here; the client itself only ever calls its own origin. */
const server = process.env['PORCHLIGHT_DEV_SERVER'] ?? 'http://127.0.0.1:2283'

export default defineConfig({
  plugins: [
    tailwindcss(),
    withoutInlineStyle(),
    sveltekit({
      adapter: withoutInlineScript(
        adapter({ pages: 'build', assets: 'build', fallback: 'index.html' }),
        'build',
      ),
    }),
  ],
  server: { proxy: { '/api': server, '/.well-known/immich': server } },
})
