import type { z } from 'zod'
import type { TrustedHeaderSettings } from './trusted-header-settings.ts'

type Complain = (path: readonly string[], message: string) => void

/** What the fields of the section ask of each other. */
export function checkTogether(
  settings: TrustedHeaderSettings,
  context: z.RefinementCtx<TrustedHeaderSettings>,
): void {
  const complain: Complain = (path, message) => context.addIssue({ code: 'custom', path: [...path], message })
  if (settings.enabled) checkProofs(settings, complain)
  checkGroups(settings, complain)
  checkNames(settings, complain)
  checkBackChannel(settings, complain)
}

/** Nobody is believed without a proof, so turning it on without one would shut everybody out. */
function checkProofs({ networks, unixSocket, secret, assertion }: TrustedHeaderSettings, complain: Complain) {
  if (networks.length === 0 && !unixSocket && secret.values.length === 0 && assertion.header === '') {
    const others = 'or another proof that it is the proxy (unixSocket, secret, assertion)'
    complain(['networks'], `Name at least one network before turning this on, ${others}`)
  }
  if (assertion.header === '') return
  for (const field of ['jwksUrl', 'issuer', 'audience'] as const)
    if (assertion[field] === '')
      complain(['assertion', field], 'An assertion is checked against this; it must not be empty')
  if (assertion.algorithms.length === 0)
    complain(['assertion', 'algorithms'], 'Name at least one way of signing, such as RS256')
}

function checkGroups(settings: TrustedHeaderSettings, complain: Complain): void {
  const { assertion, headers } = settings
  const groups = assertion.header === '' ? headers.groups : assertion.claims.groups
  const wanted = assertion.header === '' ? 'headers.groups' : 'assertion.claims.groups'
  if (groups !== '') return
  for (const field of ['adminGroup', 'memberGroup'] as const)
    if (settings[field] !== '') complain([field], `Groups are not read: name ${wanted} first`)
}

/** A header that means two things, or that is another one's alias, would refuse every request. */
function checkNames({ headers, secret, assertion }: TrustedHeaderSettings, complain: Complain): void {
  const byKey = new Map<string, string>()
  const named: [path: string[], name: string][] = [
    ...Object.entries(headers).map(([field, name]): [string[], string] => [['headers', field], name]),
    [['assertion', 'header'], assertion.header],
    [['secret', 'header'], secret.values.length > 0 ? secret.header : ''],
  ]
  for (const [path, name] of named) {
    if (name === '') continue
    const key = name.replaceAll('-', '')
    const other = byKey.get(key)
    if (other !== undefined) complain(path, `The header ${other} is another field’s already`)
    byKey.set(key, name)
  }
}

function checkBackChannel({ backChannelLogout }: TrustedHeaderSettings, complain: Complain): void {
  const fields = Object.entries(backChannelLogout)
  if (fields.every(([, value]) => value === '')) return
  for (const [field, value] of fields)
    if (value === '')
      complain(['backChannelLogout', field], 'Back-channel logout needs all three of its fields')
}
