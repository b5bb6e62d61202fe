import { z } from 'zod'
import { parseEmail } from '@porchlight/trusted-header'
import { plainText } from '../platform/plain-text.ts'
import { avatarColors } from './avatar-color.ts'
import type { User } from './users.ts'

/** In the words of Immich's own answer, which its clients show. */
const notAnEmail = (input: unknown) =>
  `Invalid input: expected email, received ${z.core.util.parsedType(input)}`

/** An e-mail address in a request, brought to its canonical form. */
export const emailField = z.string({ error: ({ input }) => notAnEmail(input) }).transform((text, context) => {
  const canonical = parseEmail(text)
  if (canonical !== undefined) return canonical
  context.addIssue({ code: 'custom', message: notAnEmail(text) })
  return z.NEVER
})
const name = plainText(256).trim().min(1)
/** Argon2 reads the whole text; a megabyte of it would be work for nothing. */
export const passwordField = z.string().min(1).max(1024)
export const newPasswordField = z.string().min(8).max(1024)
export const pinCodeField = z.string().regex(/^\d{6}$/)

const avatarColor = z.enum(avatarColors)

export const userResponse = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    profileImagePath: z.string(),
    avatarColor: z.string(),
    profileChangedAt: z.string(),
  })
  .meta({ id: 'UserResponseDto' })

export const userAdminResponse = userResponse
  .extend({
    storageLabel: z.string().nullable(),
    shouldChangePassword: z.boolean(),
    isAdmin: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
    deletedAt: z.string().nullable(),
    oauthId: z.string(),
    quotaSizeInBytes: z.number().nullable(),
    quotaUsageInBytes: z.number(),
    status: z.enum(['active', 'removing', 'deleted']),
    license: z.null(),
  })
  .meta({ id: 'UserAdminResponseDto' })

export const signUpBody = z
  .object({ email: emailField, name, password: newPasswordField })
  .meta({ id: 'SignUpDto' })

export const userCreateBody = z
  .object({
    email: emailField,
    name,
    password: passwordField,
    avatarColor: avatarColor.nullish(),
    storageLabel: plainText(128).min(1).nullish(),
    quotaSizeInBytes: z.int().min(0).nullish(),
    shouldChangePassword: z.boolean().optional(),
    isAdmin: z.boolean().optional(),
    /** Opens the locked folder; null takes it away. */
    pinCode: pinCodeField.nullish(),
    notify: z.boolean().optional(),
  })
  .meta({ id: 'UserAdminCreateDto' })

export const userAdminUpdateBody = userCreateBody.partial().meta({ id: 'UserAdminUpdateDto' })

export const userUpdateMeBody = z
  .object({ email: emailField, name, password: newPasswordField, avatarColor: avatarColor.nullable() })
  .partial()
  .meta({ id: 'UserUpdateMeDto' })

export const toUserResponse = (user: User): z.infer<typeof userResponse> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  profileImagePath: user.pictureKey ?? '',
  avatarColor: user.avatarColor,
  profileChangedAt: user.profileChangedAt,
})

export const toUserAdminResponse = (user: User): z.infer<typeof userAdminResponse> => ({
  ...toUserResponse(user),
  storageLabel: user.storageLabel,
  shouldChangePassword: user.shouldChangePassword,
  isAdmin: user.isAdmin,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
  deletedAt: user.deletedAt,
  oauthId: user.oauthId ?? '',
  quotaSizeInBytes: user.quotaBytes,
  quotaUsageInBytes: user.usageBytes,
  status: user.deletedAt ? 'deleted' : 'active',
  license: null,
})
