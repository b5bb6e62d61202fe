import { formatAddress, parseAddress } from './address.ts'

/** Why a piece of text is no address, and what was probably meant. */
export type Mistake = { reason: string; suggestion?: string }

/** Says in plain words what is wrong with text that `parseAddress` did not take. First match wins. */
export function explainAddress(text: string): Mistake {
  if (text === '') return { reason: 'there is no address before the slash' }
  if (/[[\]]/.test(text)) return withSuggestion('brackets belong to URLs', text.replace(/[[\]]/g, ''))
  if (text.includes('%'))
    return withSuggestion('a zone names an interface, not a network', text.replace(/%.*/, ''))
  if (text.includes('*'))
    return { reason: 'wildcards are not understood; write a prefix length, as in 10.3.3.0/24' }
  if (/^0x|\.0x/i.test(text)) return { reason: 'hexadecimal numbers are not understood in IPv4 addresses' }
  if (/^[\d.]+$/.test(text)) return explainIpv4(text)
  if (/^[\d.]+:\d+$/.test(text)) return withSuggestion('a peer has no fixed port', text.replace(/:.*/, ''))
  if (/^[\d.]+-/.test(text)) return { reason: 'ranges with a dash are not understood; write a prefix length' }
  if (!text.includes(':')) return { reason: 'it is not an address; names are not looked up' }
  return { reason: 'it is not an IPv6 address' }
}

function explainIpv4(text: string): Mistake {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.includes(''))
    return { reason: 'an IPv4 address has four numbers, as in 10.3.3.7' }
  if (!parts.some((part) => /^0\d/.test(part)))
    return { reason: 'each number of an IPv4 address is 0 to 255' }

  const decimal = parts.map((part) => part.replace(/^0+(?=\d)/, '')).join('.')
  return withSuggestion('some programs read numbers with leading zeros as octal', decimal)
}

/** A suggestion is only made when it would be accepted itself. */
function withSuggestion(reason: string, text: string): Mistake {
  const address = parseAddress(text)
  return address ? { reason, suggestion: formatAddress(address) } : { reason }
}
