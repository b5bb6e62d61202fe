export type ViewerAct = 'close' | 'older' | 'newer' | 'info' | 'favorite' | 'trash'

const acts = new Map<string, ViewerAct>([
  ['Escape', 'close'],
  ['ArrowRight', 'older'],
  ['ArrowLeft', 'newer'],
  ['i', 'info'],
  ['f', 'favorite'],
  ['Delete', 'trash'],
])

type Key = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'defaultPrevented' | 'target'>

/** What a key means in the viewer. A video under the keyboard keeps its own arrow keys; Escape always closes. */
export function viewerKey(event: Key): ViewerAct | undefined {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return undefined
  const onVideo = typeof event.target === 'object' && event.target !== null && 'playsInline' in event.target
  if (onVideo && event.key.startsWith('Arrow')) return undefined
  return acts.get(event.key.length === 1 ? event.key.toLowerCase() : event.key)
}
