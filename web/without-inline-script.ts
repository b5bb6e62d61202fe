import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Adapter } from '@sveltejs/kit'

const inlineScript = /<script>([\s\S]*?)<\/script>/g

/**
 * Moves SvelteKit's start script out of `index.html` into a file of its own,
 * so that the page runs under a plain `script-src 'self'`: no hash for the server to know, none to go stale.
 */
export function withoutInlineScript(adapter: Adapter, folder: string): Adapter {
  return {
    ...adapter,
    name: `${adapter.name}, without inline scripts`,
    async adapt(builder) {
      await adapter.adapt(builder)
      const page = join(folder, 'index.html')
      await writeFile(page, await moveScripts(await readFile(page, 'utf8'), folder))
    },
  }
}

async function moveScripts(html: string, folder: string): Promise<string> {
  for (const [tag, script] of html.matchAll(inlineScript)) {
    if (script === undefined) continue
    const hash = createHash('sha256').update(script).digest('hex').slice(0, 12)
    const path = `_app/immutable/boot.${hash}.js`
    await writeFile(join(folder, path), script)
    // A classic script, not a module: the start code finds its place by `document.currentScript`.
    html = html.replace(tag, () => `<script src="/${path}"></script>`)
  }
  return html
}
