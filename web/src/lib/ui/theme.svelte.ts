export type Theme = 'system' | 'light' | 'dark'

function stored(): Theme {
  const theme = document.documentElement.dataset['theme']
  return theme === 'light' || theme === 'dark' ? theme : 'system'
}

function createTheme() {
  let current = $state<Theme>(stored())

  return {
    get current(): Theme {
      return current
    },
    choose(theme: Theme): void {
      current = theme
      if (theme === 'system') {
        localStorage.removeItem('theme')
        delete document.documentElement.dataset['theme']
        return
      }
      localStorage.setItem('theme', theme)
      document.documentElement.dataset['theme'] = theme
    },
  }
}

export const theme = createTheme()
