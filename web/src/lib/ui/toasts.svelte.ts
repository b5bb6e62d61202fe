export type Toast = { id: number; text: string; action?: { label: string; run: () => void } }

const stay = 8_000

function createToasts() {
  let shown = $state.raw<Toast[]>([])
  let next = 1

  function dismiss(id: number): void {
    shown = shown.filter((toast) => toast.id !== id)
  }

  return {
    get shown(): readonly Toast[] {
      return shown
    },
    /** Says something in passing; with an action it can be taken back. */
    say(text: string, action?: Toast['action']): void {
      const id = next++
      shown = [...shown.slice(-2), action ? { id, text, action } : { id, text }]
      setTimeout(() => dismiss(id), stay)
    },
    dismiss,
  }
}

export const toasts = createToasts()
