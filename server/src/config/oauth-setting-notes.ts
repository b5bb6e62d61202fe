import type { SettingNote } from './setting-notes.ts'

/** Below `oauth`. */
export const oauthSettingNotes: Record<string, SettingNote> = {
  '': {
    title: 'OpenID Connect',
    about: 'A login service that this library asks by itself, where no proxy does.',
  },
  enabled: { title: 'Sign in by OpenID Connect' },
  issuerUrl: { title: 'Issuer' },
  clientId: { title: 'Client id' },
  clientSecret: { title: 'Client secret' },
  tokenEndpointAuthMethod: { title: 'How the secret is sent' },
  scope: { title: 'Scopes' },
  prompt: { title: 'Question to people' },
  signingAlgorithm: { title: 'Way of signing' },
  profileSigningAlgorithm: { title: 'Way of signing the profile' },
  timeout: { title: 'Longest wait' },
  allowInsecureRequests: { title: 'Allow http nearby' },
  buttonText: { title: 'Text of the button' },
  autoLaunch: { title: 'Go there at once' },
  autoRegister: { title: 'Make accounts for newcomers' },
  roleClaim: { title: 'Role claim' },
  storageLabelClaim: { title: 'Storage label claim' },
  storageQuotaClaim: { title: 'Quota claim' },
  defaultStorageQuota: { title: 'Quota of newcomers' },
  endSessionEndpoint: { title: 'Sign-out address' },
  mobileOverrideEnabled: { title: 'Another way back to phones' },
  mobileRedirectUri: { title: 'Way back to phones' },
}
