export type FieldError = { path: readonly (string | number)[]; message: string }

/** Why no usable answer came: the server said no, nobody answered, or the proxy wants to see the person first. */
export type ProblemKind = 'refused' | 'unreachable' | 'challenged'

type ProblemFacts = {
  kind: ProblemKind
  status?: number
  code?: string | undefined
  errors?: readonly FieldError[]
}

export class ApiProblem extends Error {
  readonly kind: ProblemKind
  /** HTTP status, 0 where there was no answer. */
  readonly status: number
  readonly code: string | undefined
  readonly errors: readonly FieldError[]

  constructor(message: string, { kind, status = 0, code, errors = [] }: ProblemFacts) {
    super(message)
    this.name = 'ApiProblem'
    this.kind = kind
    this.status = status
    this.code = code
    this.errors = errors
  }
}

/** The server's own "no": any status from 400 with `{message, code?, errors?}`. Undefined if the body is not ours. */
export function readProblem(status: number, body: unknown): ApiProblem | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { message, code, errors } = body as { message?: unknown; code?: unknown; errors?: unknown }
  if (typeof message !== 'string') return undefined
  return new ApiProblem(message, {
    kind: 'refused',
    status,
    code: typeof code === 'string' ? code : undefined,
    errors: Array.isArray(errors) ? (errors as FieldError[]) : [],
  })
}

export const unreachable = (status = 0): ApiProblem =>
  new ApiProblem('Porchlight does not answer right now.', { kind: 'unreachable', status })

export const challenged = (status = 0): ApiProblem =>
  new ApiProblem('The front door wants to see you again.', { kind: 'challenged', status })

/** A sentence for a person, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof ApiProblem ? thrown.message : 'Something went wrong.'
}
