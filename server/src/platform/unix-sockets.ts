/**
 * Sockets that our own unix-socket listener took. Node gives them no address, nor any to a connection that has closed, so
 * an unknown address says nothing: only the listener knows.
 */
const taken = new WeakSet<object>()

export const markUnixSocket = (socket: object): void => void taken.add(socket)

export const cameByUnixSocket = (socket: object): boolean => taken.has(socket)
