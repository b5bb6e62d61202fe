import { expect, test } from 'vitest'
import { people, startServer } from './start-server.ts'

const path = '/api/system-config'

test('an admin gets the schema that the forms are made of, and what each login service fills in', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const schema = await server.call({ path: `${path}/schema`, headers })
  expect(schema.body).toMatchObject({
    properties: { trustedHeader: { properties: { networks: { title: 'Trusted networks', default: [] } } } },
  })
  const presets = await server.call({ path: `${path}/presets`, headers })
  expect(presets.body).toContainEqual(
    expect.objectContaining({
      name: 'authentik',
      fields: expect.objectContaining({ groupSeparator: '|' }) as unknown,
    }),
  )
})

test('a pasted file is read as the file itself would be: YAML or JSON, misspelt names told', async () => {
  await using server = await startServer()
  const { headers } = await server.signUpAdmin()
  const read = (text: string) =>
    server.call({ method: 'POST', path: `${path}/read`, headers, body: { text } })

  const yaml = await read('trustedHeader:\n  networks: [10.3.3.7/32]\ntrash: { colour: green }\n')
  expect(yaml.body).toEqual({
    document: { trustedHeader: { networks: ['10.3.3.7/32'] }, trash: { colour: 'green' } },
    unknown: ['trash.colour'],
  })
  expect((await read('{"trash": {"enabled": false}}')).body).toMatchObject({ unknown: [] })
  expect(await read('trash: "\nserver: 1\n')).toMatchObject({
    status: 400,
    body: { message: expect.stringMatching(/^This is not valid YAML, line 3: /) as unknown },
  })
  expect(await read('- a\n')).toMatchObject({
    status: 400,
    body: { message: 'This must hold settings by name' },
  })
})

test('nothing is stored by reading, and members learn nothing of it', async () => {
  await using server = await startServer()
  const admin = await server.signUpAdmin()
  const before = await server.call({ path, headers: admin.headers })
  const text = 'trash: { enabled: false }'
  await server.call({ method: 'POST', path: `${path}/read`, headers: admin.headers, body: { text } })
  expect((await server.call({ path, headers: admin.headers })).body).toEqual(before.body)

  const gran = await server.addPerson(people.gran)
  for (const one of ['schema', 'presets'])
    expect((await server.call({ path: `${path}/${one}`, headers: gran.headers })).status).toBe(403)
  const read = await server.call({
    method: 'POST',
    path: `${path}/read`,
    headers: gran.headers,
    body: { text },
  })
  expect(read.status).toBe(403)
})
