import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from './errors.ts'
import { type DeclaredSkill, isChange, type Skill, type SpokenSkill } from './skill.ts'

/** All skills that can run, in the order of their names. */
export type SkillSet = readonly Skill[]

/** All that may be asked for, built or only declared, in the order of their names. */
export type SpokenSkillSet = readonly SpokenSkill[]

const FEWEST_EXAMPLES = 1

/**
 * Imports every `*.ts` file of a folder (not its sub-folders: `_shared/` holds no skills) and checks each: the file's default export is a
 * skill, its name is the file's, a change says who may use it. Throws ConfigError naming the file and the fix.
 */
export async function loadSpokenSkills(folder: string): Promise<readonly (Skill | DeclaredSkill)[]> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name)
    .sort()
  const loaded = await Promise.all(
    files.map(async (file) => ({ file, module: await import(pathToFileURL(join(folder, file)).href) })),
  )
  return withOwnVerbs(loaded.map(({ file, module }) => checkSkill(file, module.default)))
}

/** The skills of a folder that can run. */
export async function loadSkills(folder: string): Promise<SkillSet> {
  return builtOf(await loadSpokenSkills(folder))
}

/** Those that can run. */
export const builtOf = (skills: readonly (Skill | DeclaredSkill)[]): SkillSet =>
  skills.filter((skill): skill is Skill => !('notYet' in skill))

/** A set from skills already in hand (tests, or a program that embeds its own). */
export const skillSet = (skills: readonly Skill[]): SkillSet => withOwnVerbs(skills)

function withOwnVerbs<One extends SpokenSkill>(skills: readonly One[]): readonly One[] {
  const verbs = new Map<string, string>()
  for (const skill of skills) {
    for (const verb of [skill.name, ...(skill.aliases ?? [])]) {
      const other = verbs.get(verb)
      if (other)
        throw new ConfigError(
          `The skills ${other} and ${skill.name} both answer to "${verb}": take it away from one of them.`,
        )
      verbs.set(verb, skill.name)
    }
  }
  return skills
}

function checkSkill(file: string, exported: unknown): Skill | DeclaredSkill {
  const where = `skills/${file}`
  if (
    !exported ||
    typeof exported !== 'object' ||
    !('name' in exported) ||
    !('run' in exported || 'notYet' in exported)
  ) {
    throw new ConfigError(
      `${where} has no skill as its default export: end it with "export default defineSkill({ … })".`,
    )
  }
  const skill = exported as Skill | DeclaredSkill // the shape was looked at above; defineSkill typed the rest
  if (skill.name !== basename(file, '.ts')) {
    throw new ConfigError(`${where} defines the skill "${skill.name}": the file and the skill must bear the same name.`)
  }
  if (!('notYet' in skill) && isChange(skill) && !skill.allow?.length) {
    throw new ConfigError(`${where} changes things but allows nobody: name the roles in "allow".`)
  }
  if (skill.examples.length < FEWEST_EXAMPLES)
    throw new ConfigError(`${where} has no examples: help and the reader learn from them.`)
  return skill
}
