import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend, Prover, Sabotage } from '../prover.ts'

const FOLDER = join(import.meta.dirname, '..')
const NOT_PROVERS = ['run', 'prover', 'sabotage']

/** Every file of bench/prove that is not the frame is a prover, named like its file. */
export function proverNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .filter((name) => !NOT_PROVERS.includes(name))
    .sort()
}

/** Throws when the file's default export is another prover. */
export async function loadProver(name: string): Promise<Prover> {
  const module: { default: Prover } = await import(join(FOLDER, `${name}.ts`))
  if (module.default?.name !== name) throw new Error(`bench/prove/${name}.ts has no prover named "${name}" as default.`)
  return module.default
}

/**
 * Where a prover runs unasked: on its first backend, which needs no services where it can do without. A fault is looked for there and on no
 * other, unless it says where it shows.
 */
export function backendOf({ name, backends }: Prover, sabotage?: Sabotage): Backend {
  const backend = sabotage?.backend ?? backends[0]
  if (!backend) throw new Error(`The prover "${name}" names no backend.`)
  return backend
}

const NEEDS: Record<Backend, readonly string[]> = {
  pglite: [],
  postgres: ['QUARTERDECK_TEST_POSTGRES'],
  redis: ['QUARTERDECK_TEST_POSTGRES', 'QUARTERDECK_TEST_REDIS'],
}

/** The environment variables that name a backend's services and are not set. */
export const missingFor = (backend: Backend) => NEEDS[backend].filter((variable) => !process.env[variable])
