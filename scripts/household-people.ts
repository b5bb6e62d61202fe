import { householdApi } from './household-api.ts'
import type { HouseholdApi } from './household-api.ts'

/** The household of the demo, of `npm run dev` and of the end-to-end tests. */
export const people = {
  admin: { name: 'Admin', email: 'admin@home.example', password: 'the-porch-is-lit' },
  gran: { name: 'Gran', email: 'gran@home.example', password: 'roses-and-thyme' },
  anna: { name: 'Anna', email: 'anna@home.example', password: 'six-green-kites' },
} as const

export type PersonName = keyof typeof people

export type HouseholdMember = { id: string; name: string; email: string; apiKey: string; api: HouseholdApi }

/** Registers the admin on an empty server, makes the accounts of the others, and an API key for each of them. */
export async function moveIn(baseUrl: string): Promise<Record<PersonName, HouseholdMember>> {
  const anybody = householdApi(baseUrl)
  await anybody.post('/auth/admin-sign-up', people.admin)
  const admin = await member(baseUrl, 'admin')
  await admin.api.post('/admin/users', people.gran)
  await admin.api.post('/admin/users', people.anna)
  return { admin, gran: await member(baseUrl, 'gran'), anna: await member(baseUrl, 'anna') }
}

async function member(baseUrl: string, who: PersonName): Promise<HouseholdMember> {
  const { name, email, password } = people[who]
  const session = await householdApi(baseUrl).post<{ accessToken: string; userId: string }>('/auth/login', {
    email,
    password,
  })
  const signedIn = householdApi(baseUrl, { authorization: `Bearer ${session.accessToken}` })
  const key = await signedIn.post<{ secret: string }>('/api-keys', {
    name: 'Moving in',
    permissions: ['all'],
  })
  await signedIn.post('/auth/logout')
  const api = householdApi(baseUrl, { 'x-api-key': key.secret })
  return { id: session.userId, name, email, apiKey: key.secret, api }
}
