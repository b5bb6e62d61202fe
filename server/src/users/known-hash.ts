/** Our own: PHC string of argon2id. */
export const argon2Hash = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/** As other programs keep passwords, Immich among them; beyond 2^14 rounds one try would take seconds. */
export const bcryptHash = /^\$2[aby]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}$/
