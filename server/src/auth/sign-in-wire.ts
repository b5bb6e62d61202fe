import { z } from 'zod'
import type { User } from '../users/users.ts'
import { emailField, newPasswordField, passwordField } from '../users/user-wire.ts'

export const loginBody = z
  .object({ email: emailField, password: passwordField })
  .meta({ id: 'LoginCredentialDto' })

export const loginResponse = z
  .object({
    accessToken: z.string(),
    userId: z.string(),
    userEmail: z.string(),
    name: z.string(),
    profileImagePath: z.string(),
    isAdmin: z.boolean(),
    shouldChangePassword: z.boolean(),
    isOnboarded: z.boolean(),
  })
  .meta({ id: 'LoginResponseDto' })

export const toLoginResponse = (user: User, accessToken: string): z.infer<typeof loginResponse> => ({
  accessToken,
  userId: user.id,
  userEmail: user.email,
  name: user.name,
  profileImagePath: user.pictureKey ?? '',
  isAdmin: user.isAdmin,
  shouldChangePassword: user.shouldChangePassword,
  isOnboarded: user.isOnboarded,
})

export const logoutResponse = z
  .object({ successful: z.boolean(), redirectUri: z.string() })
  .meta({ id: 'LogoutResponseDto' })

export const authStatusResponse = z
  .object({
    pinCode: z.boolean(),
    password: z.boolean(),
    isElevated: z.boolean(),
    expiresAt: z.string().optional(),
    pinExpiresAt: z.string().optional(),
  })
  .meta({ id: 'AuthStatusResponseDto' })

export const changePasswordBody = z
  .object({
    password: passwordField,
    newPassword: newPasswordField,
    invalidateSessions: z.boolean().optional(),
  })
  .meta({ id: 'ChangePasswordDto' })
