import { assertionPresets } from './assertion-presets.ts'
import { headerPresets } from './header-presets.ts'
import type { Preset } from './preset.ts'

/** What each login service sends, as data; in no particular order. */
export const presets: readonly Preset[] = [...headerPresets, ...assertionPresets]
