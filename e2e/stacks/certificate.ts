import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Certificate = {
  /** The certificate (PEM), also what a client has to trust. */
  certificateFile: string
  keyFile: string
  /** Both in one file, as HAProxy wants them. */
  bothFile: string
}

/** Signs a certificate for these names, good for two days, into the folder. */
export function makeCertificate(dir: string, hosts: readonly string[]): Certificate {
  const certificateFile = join(dir, 'site.pem')
  const keyFile = join(dir, 'site.key')
  const bothFile = join(dir, 'site-and-key.pem')
  const names = hosts.map((host) => `DNS:${host}`).join(',')
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const content = ['-days', '2', '-subj', '/CN=porchlight tests', '-addext', `subjectAltName=${names}`]
  execFileSync('openssl', [...request, ...content, '-keyout', keyFile, '-out', certificateFile], {
    stdio: 'pipe',
  })
  writeFileSync(bothFile, readFileSync(certificateFile, 'utf8') + readFileSync(keyFile, 'utf8'))
  return { certificateFile, keyFile, bothFile }
}
