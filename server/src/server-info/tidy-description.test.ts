import { expect, test } from 'vitest'
import { tidyDescription } from './tidy-description.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

test('each call has a name, also where two calls are one object', () => {
  const call = { responses: {} }
  const tidy = tidyDescription({
    paths: { '/api/users/{id}': { put: call, patch: call }, '/api': { get: call } },
  })
  expect(tidy.paths).toEqual({
    '/api/users/{id}': {
      put: { responses: {}, operationId: 'putUsersId' },
      patch: { responses: {}, operationId: 'patchUsersId' },
    },
    '/api': { get: { responses: {}, operationId: 'get' } },
  })
})

test('schemas that nothing uses are left out, also those that only they use', () => {
  const schemas = { A: { items: ref('B') }, B: {}, Unused: ref('UnusedToo'), UnusedToo: {} }
  const tidy = tidyDescription({ paths: { '/api': { get: { schema: ref('A') } } }, components: { schemas } })
  expect(tidy.components).toEqual({ schemas: { A: { items: ref('B') }, B: {} } })
})

test('a schema that is only asked for loses the word that says so', () => {
  const schemas = { BodyInput: { items: ref('BothInput') }, BothInput: {}, Both: {} }
  const calls = { post: { body: ref('BodyInput'), answer: ref('Both') } }
  expect(tidyDescription({ paths: { '/api': calls }, components: { schemas } })).toEqual({
    paths: { '/api': { post: { body: ref('Body'), answer: ref('Both'), operationId: 'post' } } },
    components: { schemas: { Body: { items: ref('BothInput') }, BothInput: {}, Both: {} } },
  })
})
