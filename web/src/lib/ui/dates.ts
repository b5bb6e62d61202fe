/** The texts are English, so the dates are too, in the reader's own English where the browser says which. */
const locale = (navigator.language.startsWith('en') && navigator.language) || 'en-GB'

const format = (options: Intl.DateTimeFormatOptions): ((time: number | string) => string) => {
  const formatter = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
  return (time) => {
    const date = new Date(time)
    return Number.isNaN(date.getTime()) ? 'Undated' : formatter.format(date)
  }
}

/** These take a wall clock written as if it were UTC. */
export const monthAndYear = format({ month: 'long', year: 'numeric' })
export const shortDay = format({ weekday: 'short', day: 'numeric', month: 'short' })
export const longDay = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
export const timeOfDay = format({ hour: '2-digit', minute: '2-digit' })

/** Takes an instant; the day it was here. */
export const localDay = format({ day: 'numeric', month: 'long', year: 'numeric', timeZone: undefined })
/** Take an instant; the moment it was here. */
export const localTime = format({ hour: '2-digit', minute: '2-digit', timeZone: undefined })
export const localMoment = format({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: undefined,
})
