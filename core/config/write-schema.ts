import { writeFileSync } from 'node:fs'
import { configJsonSchema } from './schema.ts'

/** The text of quarterdeck.schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`
}

/** `npm run config:schema`: writes the schema that editors check quarterdeck.yaml by. */
export function writeSchema(file = 'quarterdeck.schema.json'): void {
  writeFileSync(file, schemaText())
}
