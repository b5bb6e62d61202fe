type Ports = {
  /** Absent on pages without HTTPS, as on a household's own network. */
  clipboard: Pick<Clipboard, 'writeText'> | undefined
  /** Selects the text where it is shown. */
  select: () => void
  /** The old way, by what is selected; false where the browser does not allow it. */
  copySelection: () => boolean
}

/** @returns whether the text is in the clipboard; if not, it is left selected, to be copied by hand */
export async function copyText(text: string, { clipboard, select, copySelection }: Ports): Promise<boolean> {
  try {
    if (clipboard) {
      await clipboard.writeText(text)
      return true
    }
  } catch {
    // Not allowed to: the old way may still work.
  }
  select()
  return copySelection()
}
