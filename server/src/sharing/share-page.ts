import type { Albums } from '../albums/albums.ts'
import { passwordWasGiven } from './link-password.ts'
import type { OpenLink, SharedLinks } from './sharing.ts'

/** What other programs show of a link before anybody opens it, and whether there is such a link at all. */
export type SharePage = { status: 200 | 404; head: string }

type Ports = { links: SharedLinks; albums: Pick<Albums, 'byId'> }

const sharePath = /^\/(share|s)\/([^/]*)/

/**
 * The page of a shared link, by its path: `/share/<key>` or `/s/<slug>`. Undefined for any other path.
 *
 * Its tags follow the Open Graph protocol. A link with a password says nothing of what is behind it, for who asks is a
 * program that was given no password.
 */
export function createSharePages({ links, albums }: Ports) {
  return async function sharePageOf(
    path: string,
    { origin }: { origin: string },
  ): Promise<SharePage | undefined> {
    const [, kind, name = ''] = sharePath.exec(path) ?? []
    if (kind === undefined) return undefined
    const address = kind === 's' ? { slug: name } : { key: name }
    const open = await links.at(address)
    if (!open) return { status: 404, head: tagsOf({ title: 'Shared photos' }) }
    return {
      status: 200,
      head: tagsOf(await cardOf(open, { origin, address: new URLSearchParams(address).toString() })),
    }
  }

  async function cardOf(
    open: OpenLink,
    { origin, address }: { origin: string; address: string },
  ): Promise<Card> {
    const { link, owner } = open
    if (!passwordWasGiven(open, undefined))
      return { title: 'Shared photos', description: 'Open the link and enter its password.' }
    const shown = await links.shownBy(link)
    const album =
      link.albumId === null ? undefined : await albums.byId({ ownerId: owner.id, id: link.albumId })
    const cover = shown.find((id) => id === album?.thumbnailAssetId) ?? shown[0]
    return {
      title: album?.name || 'Shared photos',
      description: link.description || `${shown.length} shared photos & videos`,
      ...(cover !== undefined && {
        image: `${origin}/api/assets/${cover}/thumbnail?size=preview&${address}`,
      }),
    }
  }
}

type Card = { title: string; description?: string; image?: string }

function tagsOf({ title, description, image }: Card): string {
  const properties = {
    'og:type': 'website',
    'og:title': title,
    'og:description': description,
    'og:image': image,
  }
  const named = {
    description,
    robots: 'noindex, nofollow',
    'twitter:card': image && 'summary_large_image',
  }
  const lines = [
    ...Object.entries(properties).map(([name, content]) => tag('property', name, content)),
    ...Object.entries(named).map(([name, content]) => tag('name', name, content)),
  ]
  return lines.join('')
}

const tag = (attribute: 'name' | 'property', name: string, content: string | undefined): string =>
  content === undefined ? '' : `<meta ${attribute}="${name}" content="${escaped(content)}">`

/** What somebody named an album is text, whatever it looks like. */
const escaped = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, ' ')
