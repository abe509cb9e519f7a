import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { ConfigError, messageOf } from '../errors.ts'
import type { CatalogService } from './catalog.ts'

/** What we read of a Backstage entity (https://backstage.io/docs/features/software-catalog/descriptor-format). */
const componentSchema = z.object({
  kind: z.literal('Component'),
  metadata: z.object({
    name: z.string().min(1),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z
    .object({
      type: z.string().default('service'),
      owner: z.string().optional(),
      dependsOn: z.array(z.string()).default([]),
    })
    .default({ type: 'service', dependsOn: [] }),
})

/**
 * The services of catalog-info.yaml files. `patterns` are paths or globs, seen from `folder`. Entities of other kinds, and components
 * of other types, are passed over. Throws ConfigError naming the file.
 */
export function readCatalogInfo(patterns: readonly string[], folder: string): CatalogService[] {
  return patterns.flatMap((pattern) => {
    const files = globSync(pattern, { cwd: folder }).sort()
    if (files.length === 0)
      throw new ConfigError(
        `catalogInfo names "${pattern}", but there is no such file under ${folder}; correct the path or leave it out.`,
      )
    return files.flatMap((file) => readFile(join(folder, file), relative(folder, join(folder, file))))
  })
}

function readFile(path: string, shown: string): CatalogService[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(`${shown} (named in catalogInfo) cannot be read: ${messageOf(error)}.`)
  }
  return parseAllDocuments(text).flatMap((document) => {
    const [broken] = document.errors
    if (broken) throw new ConfigError(`${shown} (named in catalogInfo): ${broken.message.split('\n')[0]}`)
    const entity: unknown = document.toJS({ maxAliasCount: 100 })
    if (typeof entity !== 'object' || entity === null || !('kind' in entity) || entity.kind !== 'Component') return []
    const parsed = componentSchema.safeParse(entity)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      throw new ConfigError(`${shown} (named in catalogInfo): ${issue?.path.join('.')}: ${issue?.message}.`)
    }
    return parsed.data.spec.type === 'service' ? [serviceOf(parsed.data)] : []
  })
}

function serviceOf({ metadata, spec }: z.output<typeof componentSchema>): CatalogService {
  const owner = spec.owner === undefined ? undefined : reference(spec.owner, 'group')
  return {
    name: metadata.name.toLowerCase(),
    aliases: [],
    team: owner?.kind === 'group' ? owner.name : undefined,
    owners: owner?.kind === 'user' ? [owner.name] : [],
    dependsOn: spec.dependsOn
      .map((text) => reference(text, 'component'))
      .filter(({ kind }) => kind === 'component')
      .map(({ name }) => name),
    channels: [],
    workload: metadata.annotations['backstage.io/kubernetes-id'] ?? metadata.name.toLowerCase(),
    container: undefined,
    repository: undefined,
    environments: [],
    source: 'backstage',
  }
}

/** `[kind:][namespace/]name`, in any case. */
function reference(text: string, defaultKind: string): { kind: string; name: string } {
  const match = /^(?:([^:/]+):)?(?:[^:/]+\/)?([^:/]+)$/.exec(text.toLowerCase())
  return { kind: match?.[1] ?? defaultKind, name: match?.[2] ?? text.toLowerCase() }
}
