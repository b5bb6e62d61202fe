import { z } from 'zod'
import { presets } from '@porchlight/trusted-header'
import { adminOnly } from '../platform/access.ts'
import { StartProblem } from '../platform/environment.ts'
import type { HttpServer } from '../platform/http-server.ts'
import { badRequest } from '../platform/problem.ts'
import { parseConfigText, unknownKeys } from './config-file.ts'
import { configSchema } from './config-schema.ts'
import { presetFields } from './trusted-header-presets.ts'

const anyDocument = z.looseObject({})

const presetList = z.array(
  z.object({
    name: z.string(),
    title: z.string(),
    /** What it puts into the trusted-header section, under the section's own names. */
    fields: anyDocument,
    /** How the fields look that nobody but the household knows; what is in braces is to be replaced. */
    hints: z.record(z.string(), z.string()),
    /** Where the login service documents what it sends. */
    source: z.string(),
  }),
)

/** Characters of a pasted file; every setting there is fits in a tenth of it, and the parser is slow on long ones. */
const longestText = 65_536

/** What the admin pages are made of: the settings there are, what presets fill in, and a reader for pasted files. */
export function settingsSchemaRoutes(app: HttpServer): void {
  const tags = ['settings']
  const access = adminOnly('systemConfig.read')

  app.get(
    '/api/system-config/schema',
    { config: { access }, schema: { tags, response: { 200: anyDocument } } },
    async () => configSchema(),
  )

  app.get(
    '/api/system-config/presets',
    { config: { access }, schema: { tags, response: { 200: presetList } } },
    async () =>
      presets.map(({ name, title, source, hints }) => ({
        name,
        title,
        source,
        hints: { ...hints },
        fields: presetFields(name),
      })),
  )

  app.post(
    '/api/system-config/read',
    {
      config: { access },
      schema: {
        tags,
        body: z.object({ text: z.string().max(longestText) }),
        response: { 200: z.object({ document: anyDocument, unknown: z.array(z.string()) }) },
      },
    },
    async ({ body }) => {
      const { document } = await parseConfigText(body.text, 'This').catch((error: unknown) => {
        throw error instanceof StartProblem ? badRequest(error.message) : error
      })
      return { document, unknown: unknownKeys(document).slice(0, 100) }
    },
  )
}
