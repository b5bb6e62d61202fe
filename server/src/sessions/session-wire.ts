import { z } from 'zod'
import type { Session } from './sessions.ts'

export const sessionResponse = z
  .object({
    id: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
    expiresAt: z.string().optional(),
    current: z.boolean(),
    deviceType: z.string(),
    deviceOS: z.string(),
    appVersion: z.string().nullable(),
    isPendingSyncReset: z.boolean(),
  })
  .meta({ id: 'SessionResponseDto' })

export const sessionCreateBody = z
  .object({
    /** Seconds. */
    duration: z.number().int().min(1).max(3_153_600_000).optional(),
    deviceType: z.string().max(64).optional(),
    deviceOS: z.string().max(64).optional(),
  })
  .meta({ id: 'SessionCreateDto' })

export const sessionCreateResponse = sessionResponse
  .extend({ token: z.string() })
  .meta({ id: 'SessionCreateResponseDto' })

export const toSessionResponse = (session: Session, current: boolean): z.infer<typeof sessionResponse> => ({
  id: session.id,
  createdAt: session.createdAt,
  updatedAt: session.updatedAt,
  ...(session.expiresAt === null ? {} : { expiresAt: session.expiresAt }),
  current,
  deviceType: session.device.type,
  deviceOS: session.device.os,
  appVersion: session.device.appVersion,
  isPendingSyncReset: false,
})

/** Ours: a session as a person thinks of it. */
export const deviceResponse = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    method: z.enum(['password', 'trusted-header', 'oauth', 'device']),
    deviceType: z.string(),
    deviceOS: z.string(),
    appVersion: z.string().nullable(),
    seenFrom: z.string().nullable(),
    createdAt: z.string(),
    lastUsedAt: z.string(),
    expiresAt: z.string().nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'DeviceResponse' })

export const toDeviceResponse = (session: Session, current: boolean): z.infer<typeof deviceResponse> => ({
  id: session.id,
  name: session.name,
  method: session.method,
  deviceType: session.device.type,
  deviceOS: session.device.os,
  appVersion: session.device.appVersion,
  seenFrom: session.seenFrom,
  createdAt: session.createdAt,
  lastUsedAt: session.updatedAt,
  expiresAt: session.expiresAt,
  current,
})
