/**
 * Writes types.json: the fields of the built-in kinds and which are required, read from the models that the pinned
 * Kubernetes client generates from the published OpenAPI document. Run by hand after that package changes:
 * `npx node sandbox/store/schema/generate.ts`. Nothing loads this file at run time.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const MODELS = new URL('../../../node_modules/@kubernetes/client-node/dist/gen/models/', import.meta.url)

const ROOTS = [
  'V1ConfigMap',
  'V1ControllerRevision',
  'V1CronJob',
  'V1DaemonSet',
  'V1Deployment',
  'V1EndpointSlice',
  'V1Endpoints',
  'CoreV1Event',
  'EventsV1Event',
  'V1Eviction',
  'V2HorizontalPodAutoscaler',
  'V1Ingress',
  'V1Job',
  'V1Lease',
  'V1LimitRange',
  'V1Namespace',
  'V1Node',
  'V1PersistentVolumeClaim',
  'V1Pod',
  'V1PodDisruptionBudget',
  'V1ReplicaSet',
  'V1ResourceQuota',
  'V1Scale',
  'V1Secret',
  'V1SelfSubjectAccessReview',
  'V1SelfSubjectRulesReview',
  'V1Service',
  'V1ServiceAccount',
  'V1StatefulSet',
]

const SCALARS: Record<string, string> = {
  string: 'string',
  boolean: 'boolean',
  number: 'number',
  Date: 'time',
  V1MicroTime: 'time',
  IntOrString: 'int-or-string',
  any: 'any',
}

interface Generated {
  fields: Record<string, string>
  required: string[]
}

const types: Record<string, Generated> = {}

/** `Array<V1Container>` → `[]V1Container`; `{ [key: string]: string; }` → `{}string`; a model keeps its name. */
function fieldType(text: string, format: string): string {
  const list = /^Array<(.*)>$/.exec(text)
  if (list?.[1]) return `[]${fieldType(list[1], format)}`
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(text)
  if (map?.[1]) return `{}${fieldType(map[1], format)}`
  if (text === 'number') return format === 'int32' || format === 'int64' ? format : 'number'
  const scalar = SCALARS[text]
  if (scalar) return format === 'byte' ? 'bytes' : scalar
  addModel(text)
  return text
}

function addModel(name: string): void {
  if (types[name]) return
  const generated: Generated = { fields: {}, required: [] }
  types[name] = generated
  const code = readFileSync(new URL(`${name}.js`, MODELS), 'utf8')
  const declaration = readFileSync(new URL(`${name}.d.ts`, MODELS), 'utf8')
  const table = /attributeTypeMap = (\[[\s\S]*?\n?\]);/.exec(code)?.[1]
  if (!table) throw new Error(`${name} has no attributeTypeMap: did the client's generator change?`)
  const attributes: { name: string; baseName: string; type: string; format: string }[] = JSON.parse(table)
  for (const attribute of attributes) {
    generated.fields[attribute.baseName] = fieldType(attribute.type, attribute.format)
    if (declaration.includes(`'${attribute.name}': `)) generated.required.push(attribute.baseName)
  }
}

for (const root of ROOTS) addModel(root)
const sorted = Object.fromEntries(Object.entries(types).sort(([left], [right]) => left.localeCompare(right)))
const lines = Object.entries(sorted).map(([name, type]) => `${JSON.stringify(name)}: ${JSON.stringify(type)}`)
writeFileSync(new URL('types.json', import.meta.url), `{\n${lines.join(',\n')}\n}\n`)
