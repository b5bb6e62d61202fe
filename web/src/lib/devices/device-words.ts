import type { Device } from './device-api.ts'

/** What a person would call the device: her own name for it, else what it says of itself. */
export function deviceName({
  name,
  method,
  deviceType,
  deviceOS,
}: Pick<Device, 'name' | 'method' | 'deviceType' | 'deviceOS'>): string {
  if (name) return name
  if (deviceType && deviceOS) return `${deviceType} on ${deviceOS}`
  return deviceType || deviceOS || (method === 'device' ? 'An app or device' : 'Unknown device')
}

const methods: Record<Device['method'], string> = {
  'trusted-header': 'by your proxy',
  password: 'by password',
  oauth: 'by OpenID Connect',
  device: 'let in as a device',
}

export const signedInHow = ({ method }: Pick<Device, 'method'>): string => methods[method]

/** `192.168.1.7`, or where the address says more than the number, in words. */
export function seenFrom({ seenFrom: address }: Pick<Device, 'seenFrom'>): string | undefined {
  if (address === null) return undefined
  return /^(127\.|::1$)/.test(address) ? `${address} (this server)` : address
}
