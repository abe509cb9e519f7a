import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { usageOf } from '../../bot/understand/usage.ts'
import { isChange, type Skill } from '../../core/skill.ts'
import { loadSkills, type SkillSet } from '../../core/skill-set.ts'

const ROOT = new URL('../../', import.meta.url)
const PAGE = new URL('docs/skills.md', ROOT)

const HEAD = `# Skills

What people may ask for, made from the skill files by \`npm run docs:skills\`; do not edit it. \`help\` in a conversation shows the same for
the person who asks, with examples from their own services; \`help deploy\` shows one. Any of them may be said in plain words or typed as
shown here. How to add one: [writing a skill](writing-a-skill.md).

The roles named here open the door of a skill; approvals, locks, freezes and modes are the configuration's
([operating](operating.md#configuration)).
`

/** The rows of the page, one a skill: what its file says, nothing else. */
export function skillRows(skills: SkillSet): readonly string[] {
  return skills.map((skill) => row(skill.name, skill.summary, typed(skill), skill.examples[0] ?? '', who(skill)))
}

/** The rows that docs/skills.md has now. */
export function rowsOfPage(): readonly string[] {
  return readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
}

export const installedSkills = () => loadSkills(fileURLToPath(new URL('skills', ROOT)))

function page(skills: SkillSet): string {
  const table = (title: string, those: SkillSet) =>
    [
      `## ${title}`,
      '',
      '| skill | what it does | typed | for example | who may |',
      '|---|---|---|---|---|',
      ...skillRows(those),
      '',
    ].join('\n')
  return [
    HEAD,
    table(
      'Look',
      skills.filter((skill) => !isChange(skill)),
    ),
    table('Change', skills.filter(isChange)),
  ].join('\n')
}

const row = (name: string, ...cells: readonly string[]) =>
  `| \`${name}\` | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const typed = (skill: Skill) => `\`${usageOf(skill)}\``

function who(skill: Skill): string {
  if (!isChange(skill)) return skill.allow?.join(', ') ?? 'any role'
  const risk = typeof skill.risk === 'function' ? ' (destructive for some inputs)' : ''
  const own = skill.needsNoApproval ? ' (asks for no approval)' : ''
  return `${skill.allow.join(', ')}${skill.risk === 'destructive' ? ' (destructive)' : risk}${own}`
}

if (import.meta.main) {
  const skills = await installedSkills()
  writeFileSync(PAGE, page(skills))
  console.log(`docs/skills.md lists ${skills.length} skills.`)
}
