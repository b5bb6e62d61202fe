import type { Derived, DerivedPaths, Metadata, Original, Programs } from './media.ts'
import type { VideoTools } from './video-frame.ts'

/** What the server asks of its media process, and what comes back. Plain data: it crosses a pipe as JSON. */
export type MediaTask =
  | { kind: 'derive'; original: Original; to: DerivedPaths; scratch: string; tools: VideoTools }
  | { kind: 'metadata'; original: Original; tools: VideoTools }
  | { kind: 'programs'; tools: VideoTools }

export type MediaResult = Derived | Metadata | Programs | null

export type MediaRequest = { id: number; task: MediaTask }

export type MediaAnswer = {
  id: number
  /** Resident memory of the process, bytes: it is replaced when it has grown too big. */
  memory: number
} & ({ result: MediaResult } | { error: string; unreadable: boolean })
