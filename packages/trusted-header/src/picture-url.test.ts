import { expect, test } from 'vitest'
import { parsePicture } from './picture-url.ts'

test.each([
  ['https://login.home.example/gran.jpg', 'https://login.home.example/gran.jpg'],
  [' https://login.home.example/gran.jpg\t', 'https://login.home.example/gran.jpg'],
  ['HTTPS://Login.Home.Example', 'https://login.home.example/'],
  ['https://login.home.example:8443/a?b=c,d#e', 'https://login.home.example:8443/a?b=c,d#e'],
  ['https://login.home.example/{size}', 'https://login.home.example/%7Bsize%7D'],
  [`https://x/${'a'.repeat(2038)}`, `https://x/${'a'.repeat(2038)}`],
  ['', ''],
  [' ', ''],
])('%j is the picture %j', (text, url) => {
  expect(parsePicture(text)).toBe(url)
})

test.each([
  '-',
  'null',
  '{http.reverse_proxy.header.Remote-Picture}',
  'http://login.home.example/gran.jpg',
  'ftp://login.home.example/gran.jpg',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  'xhttps://login.home.example/',
  'https:',
  'https://',
  'https:login.home.example',
  'https:/login.home.example',
  'https://gran@login.home.example/',
  'https://:secret@login.home.example/',
  'https://login.home.example/gran jpg',
  'https://login.home.example/gran\n',
  'https://login.home.example/zoë.jpg',
  'https://login.home.example:99999/',
  `https://x/${'a'.repeat(2039)}`,
  `https://x/?${'"'.repeat(700)}`, // more than 2048 characters as the URL standard writes it
  `https://x/${'./'.repeat(1020)}`, // short as the URL standard writes it, but who would send that
  '//login.home.example/gran.jpg',
  'gran.jpg',
])('%j is no picture to fetch', (text) => {
  expect(parsePicture(text)).toBeUndefined()
})
