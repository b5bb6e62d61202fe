import type { ProxyKind } from './proxy-kind.ts'

export type RecipeFile = { name: string; text: string }

/** The very files of the deploy folder; where the web client was built without it, there are none to show. */
const files = import.meta.glob<string>(['../../../../deploy/{caddy,nginx,haproxy,apache}/*'], {
  query: '?raw',
  import: 'default',
})

/** The configuration that was tried with that proxy, file by file; empty where there is no recipe. */
export async function recipeFor(kind: ProxyKind): Promise<RecipeFile[]> {
  const wanted = Object.entries(files).filter(([path]) => path.includes(`/deploy/${kind}/`))
  return Promise.all(
    wanted.map(async ([path, load]) => ({ name: path.slice(path.lastIndexOf('/') + 1), text: await load() })),
  )
}
