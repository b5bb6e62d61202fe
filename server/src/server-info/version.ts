import manifest from '../../package.json' with { type: 'json' }

/** Porchlight's own version. */
export const porchlightVersion = manifest.version

/** The version of Immich's API that clients are told, since they decide by it what they may ask for. */
export const apiVersion = { major: 3, minor: 2, patch: 2, prerelease: null }

export const apiVersionText = `v${apiVersion.major}.${apiVersion.minor}.${apiVersion.patch}`
