import { isHttpError } from '@immich/sdk'

/** Who a call is made as: options that each function of the SDK takes last. */
export type As = { headers: Record<string, string> }
export const nobody: As = { headers: {} }

/** The status and the words of a refusal, as the SDK tells them. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; message?: unknown }> {
  const error = await errorOf(call)
  // Calls without an answer are read as text, refusals too.
  const data: unknown = typeof error.data === 'string' ? JSON.parse(error.data) : error.data
  return { status: error.status, message: (data as { message?: unknown } | undefined)?.message }
}

/** Where an answer sends its reader on to; to the SDK that is an error, as everything but success. */
export async function sentOn(call: Promise<unknown>): Promise<string | null> {
  const { status, headers } = await errorOf(call)
  if (status < 300 || status > 399) throw new Error(`it is no redirect, but ${status}`)
  return headers.get('location')
}

async function errorOf(call: Promise<unknown>) {
  const error = await call.then(
    () => new Error('it was allowed'),
    (failed: unknown) => failed,
  )
  if (!isHttpError(error)) throw error
  return error
}
