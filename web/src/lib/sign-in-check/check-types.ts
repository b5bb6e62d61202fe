/** The wire types of the sign-in check. */

export type CheckLevel = 'good' | 'warn' | 'bad' | 'unknown'

/** One finding, in words. */
export type CheckLine = {
  id: string
  level: CheckLevel
  title: string
  reason: string
  sent?: string
  arrived?: string
  /** Lines to add to the proxy's configuration, and where. */
  mend?: { proxy: string; where: string; lines: string[] }
}

export type PlannedProbe = {
  id: string
  method: 'GET'
  path: string
  headers: Record<string, string>
  credentials: 'include' | 'omit'
}

export type CheckStart = { nonce: string; expiresAt: string; plan: PlannedProbe[] }

/** What came of a probe, for the server to judge. */
export type BrowserAnswer = {
  id: string
  /** 0 where the browser was led elsewhere. */
  status: number
  saw?: string
  server?: string
  via?: string
  failed?: string
}

export type CheckReport = { lines: CheckLine[]; text: string }

type Verdict =
  | { identity: { email: string; name?: string; groups?: string[] } }
  | { refused: string; explanation: string }

/** What this very request would lead to if other settings were in force. */
export type DryRunDto = {
  verdict?: Verdict
  account?:
    | { outcome: 'opens'; userId: string; name: string; isAdmin: boolean; changes: string[] }
    | { outcome: 'new' }
    | { outcome: 'refused'; code: string }
  problems: { path: string; message: string }[]
  stillIn?: { yes: boolean; reason: string }
  lines: CheckLine[]
  seen: { peer: string | null; network: string | null; headers: { name: string; value: string }[] }
  proposals: { network?: string; preset?: string; headers: Record<string, string> }
}
