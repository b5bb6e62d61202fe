import { SvelteSet } from 'svelte/reactivity'

/** The pictures that a person has picked in the timeline, to do something with all of them. */
function createChosenPhotos() {
  const ids = new SvelteSet<string>()

  return {
    get count(): number {
      return ids.size
    },
    has: (id: string): boolean => ids.has(id),
    toggle(id: string): void {
      if (!ids.delete(id)) ids.add(id)
    },
    clear: (): void => ids.clear(),
    list: (): string[] => [...ids],
  }
}

export const chosenPhotos = createChosenPhotos()
