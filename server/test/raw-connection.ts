import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type RawAnswer = { status: number; body: string }

/**
 * A keep-alive connection on which whole requests are sent byte by byte as they are. Sends the next one when the answer
 * is there; opens a new connection when the server closed the last one.
 */
export function createRawConnection(port: number) {
  let socket: Socket | undefined
  let received = ''
  let answered: ((answer: RawAnswer | 'closed') => void) | undefined

  async function open(): Promise<Socket> {
    const opened = connect(port, '127.0.0.1')
    opened.setEncoding('latin1').setNoDelay(true)
    opened.on('data', (text: string) => take(text))
    opened.on('error', () => opened.destroy())
    opened.on('close', () => {
      if (socket !== opened) return
      socket = undefined
      received = ''
      settle('closed')
    })
    await once(opened, 'connect')
    return opened
  }

  function take(text: string): void {
    received += text
    const end = received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = received.slice(0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (received.length < end + 4 + length) return
    const body = received.slice(end + 4, end + 4 + length)
    received = received.slice(end + 4 + length)
    settle({ status: Number(head.slice(9, 12)), body })
  }

  function settle(answer: RawAnswer | 'closed'): void {
    const settled = answered
    answered = undefined
    settled?.(answer)
  }

  return {
    /** `request` is Latin-1 text, one character for each byte. `closed`: the server hung up without a word. */
    async send(request: string): Promise<RawAnswer | 'closed'> {
      if (socket === undefined || socket.destroyed || socket.readableEnded) socket = await open()
      const answer = new Promise<RawAnswer | 'closed'>((resolve) => (answered = resolve))
      socket.write(request, 'latin1')
      return answer
    },
    /** The next request gets a connection of its own: what is left on this one answers nothing that was asked. */
    forget(): void {
      const old = socket
      socket = undefined
      received = ''
      old?.destroy()
    },
  }
}
