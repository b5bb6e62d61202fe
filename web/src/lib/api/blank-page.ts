/**
 * Takes everything off the screen at once, and stops what plays and what is on its way. What follows is another page:
 * this one cannot be brought back.
 */
export function blankPage({ document, stop }: Pick<Window, 'document' | 'stop'>): void {
  for (const media of document.querySelectorAll('video, audio')) silence(media as HTMLMediaElement)
  document.title = 'Porchlight'
  document.body.replaceChildren()
  // Uploads too: they would go on in the name of whoever is here now.
  stop()
}

/** Taken off the page, a video would play on unseen. */
function silence(media: HTMLMediaElement): void {
  media.pause()
  media.removeAttribute('src')
  media.removeAttribute('poster')
  media.load()
}
