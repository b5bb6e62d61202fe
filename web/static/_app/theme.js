// Before the first paint, so that nobody who chose the dark is met by a white flash. A file, since the page allows no inline script.
try {
  const theme = localStorage.getItem('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage is not for us here: the system's choice stands.
}
