export const admin = 'admin@home.example'
export const mallory = 'mallory@home.example'

/** Header lines that must sign in nobody, although they come from the trusted proxy's own address. */
export const crookedHeaders: readonly { title: string; headers: string[] }[] = [
  { title: 'two differing headers', headers: [`Remote-Email: ${admin}`, `Remote-Email: ${mallory}`] },
  { title: 'two in different case', headers: [`Remote-Email: ${admin}`, `rEMOTE-eMAIL: ${mallory}`] },
  { title: 'two values joined by a comma', headers: [`Remote-Email: ${admin}, ${mallory}`] },
  { title: 'two values joined by a semicolon', headers: [`Remote-Email: ${admin};${mallory}`] },
  { title: 'an underscore for the dash', headers: [`remote_email: ${admin}`] },
  { title: 'a dot for the dash', headers: [`Remote.Email: ${admin}`] },
  {
    title: 'an underscore beside the real one',
    headers: [`Remote-Email: ${mallory}`, `Remote_Email: ${admin}`],
  },
  { title: 'a dot beside the real one', headers: [`Remote-Email: ${mallory}`, `remote.email: ${admin}`] },
  { title: 'an empty header', headers: ['Remote-Email:'] },
  { title: "Caddy's placeholder", headers: ['Remote-Email: {http.reverse_proxy.header.Remote-Email}'] },
  { title: "Apache's placeholder", headers: ['Remote-Email: (null)'] },
  { title: 'a value that is no address', headers: ['Remote-Email: admin'] },
  { title: 'an address with two at signs', headers: ['Remote-Email: admin@home.example@evil.example'] },
  { title: 'a Kelvin sign for a k', headers: [`Remote-Email: ${latin1('\u212Aate')}@home.example`] },
]

/** What a browser says of itself when a person opens a page. */
export const pageHeaders = ['Accept: text/html', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']

/** The UTF-8 bytes of the text as a raw header carries them. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1')
}
