import { randomBytes } from 'node:crypto'
import { parseEmail } from '@porchlight/trusted-header'
import { Problem } from '../platform/problem.ts'
import { bcryptHash } from '../users/known-hash.ts'
import type { User } from '../users/users.ts'
import { CommandProblem, mustHaveWords, type Command, type CommandPorts } from './commands.ts'

/** People from a shell: the way back in for an admin who has no password any more. */
export const userCommands: readonly Command[] = [
  {
    name: 'users list',
    usage: '',
    does: 'Lists everybody who has an account',
    async run({ users, print }, words) {
      mustHaveWords(words, { least: 0, most: 0 })
      const everybody = await users.list({ withDeleted: true })
      if (everybody.length === 0)
        print('Nobody has an account yet. The first admin registers in the browser.')
      const width = Math.max(...everybody.map(({ email }) => email.length))
      for (const user of everybody) print(`${user.email.padEnd(width)}  ${user.name}${marks(user)}`)
    },
  },
  {
    name: 'users add',
    usage: '<e-mail address> [name]',
    does: 'Makes an account, with a new password that is shown once',
    async run({ users, passwords, print }, words) {
      mustHaveWords(words, { least: 1, most: 2 })
      const email = emailIn(words)
      const password = newPassword()
      const name = words[1] ?? email.slice(0, email.indexOf('@'))
      const added = { email, name, passwordHash: await passwords.hash(password), shouldChangePassword: true }
      await users.add(added).catch(sayPlainly)
      print(`${email} can sign in with the password ${password}`)
    },
  },
  {
    name: 'users password',
    usage: '<e-mail address>',
    does: 'Gives somebody a new password, shown once, and signs them out everywhere',
    async run(ports, words) {
      mustHaveWords(words, { least: 1, most: 1 })
      const user = await known(ports, words)
      const password = newPassword()
      const passwordHash = await ports.passwords.hash(password)
      await ports.users.change(user.id, { passwordHash, shouldChangePassword: true })
      await ports.sessions.revokeAll({ userId: user.id })
      ports.print(`${user.email} can sign in with the password ${password}`)
    },
  },
  {
    name: 'users import-hash',
    usage: '<e-mail address> <bcrypt hash in single quotes>',
    does: 'Gives somebody the password that Immich or another program keeps as this hash',
    async run(ports, words) {
      mustHaveWords(words, { least: 2, most: 2 })
      const user = await known(ports, words)
      const [, passwordHash = ''] = words
      if (!bcryptHash.test(passwordHash))
        throw new CommandProblem(
          'That is no bcrypt hash, such as $2b$10$… with 60 characters; put it in single quotes',
        )
      await ports.users.change(user.id, { passwordHash, shouldChangePassword: false })
      await ports.sessions.revokeAll({ userId: user.id })
      ports.print(`${user.email} can sign in with the password from before.`)
    },
  },
  {
    name: 'users make-admin',
    usage: '<e-mail address>',
    does: 'Makes somebody an admin',
    async run(ports, words) {
      mustHaveWords(words, { least: 1, most: 1 })
      const user = await known(ports, words)
      await ports.users.change(user.id, { isAdmin: true })
      ports.print(`${user.email} is an admin.`)
    },
  },
  {
    name: 'users unbind',
    usage: '<e-mail address>',
    does: 'Forgets the id of the login service that an account is bound to; the next one that comes is bound',
    async run(ports, words) {
      mustHaveWords(words, { least: 1, most: 1 })
      const user = await known(ports, words)
      await ports.users.unbindHeaderId(user.id)
      ports.print(`${user.email} is bound to no id.`)
    },
  },
  {
    name: 'users sign-out',
    usage: '<e-mail address>',
    does: 'Ends every session of somebody',
    async run(ports, words) {
      mustHaveWords(words, { least: 1, most: 1 })
      const user = await known(ports, words)
      await ports.sessions.revokeAll({ userId: user.id })
      ports.print(`${user.email} is signed out everywhere.`)
    },
  },
]

function marks({ isAdmin, hasPassword, deletedAt }: User): string {
  const facts = [isAdmin && 'admin', !hasPassword && 'no password', deletedAt !== null && 'deleted']
  const said = facts.filter((fact) => fact !== false)
  return said.length > 0 ? `  (${said.join(', ')})` : ''
}

function emailIn([text = '']: readonly string[]): string {
  const email = parseEmail(text)
  if (email === undefined) throw new CommandProblem(`“${text}” is not an e-mail address`)
  return email
}

async function known({ users }: CommandPorts, words: readonly string[]): Promise<User> {
  const user = await users.byEmail(emailIn(words))
  if (!user)
    throw new CommandProblem(`Nobody has the address ${words[0]}; “porchlight users list” shows who is there`)
  if (user.deletedAt !== null)
    throw new CommandProblem(`The account ${words[0]} is deleted; restore it in the browser first`)
  return user
}

/** 96 bits, in letters that a person can type. */
const newPassword = () => randomBytes(12).toString('base64url')

function sayPlainly(error: unknown): never {
  throw error instanceof Problem ? new CommandProblem(error.message) : error
}
