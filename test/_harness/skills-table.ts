import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { usageOf } from '../../bot/understand/usage.ts'
import { type DeclaredSkill, isChange, type Skill } from '../../core/skill.ts'
import { loadSpokenSkills } from '../../core/skill-set.ts'

const ROOT = new URL('../../', import.meta.url)
const PAGE = new URL('docs/skills.md', ROOT)

const HEAD = `# Skills

What people may ask for, made from the skill files by \`npm run docs:skills\`; do not edit it. \`help\` in a conversation shows the same for
the person who asks, with examples from their own services; \`help deploy\` shows one. Any of them may be said in plain words or typed as
shown here. How to add one: [writing a skill](writing-a-skill.md).

The roles named here open the door of a skill; approvals, locks, freezes and modes are the configuration's
([operating](operating.md#configuration)).
`

type Named = Skill | DeclaredSkill

/** The rows of the page, one a skill: what its file says, nothing else. */
export function skillRows(skills: readonly Named[]): readonly string[] {
  return skills.map((skill) => row(skill.name, skill.summary, typed(skill), skill.examples[0] ?? '', who(skill)))
}

/** The rows that docs/skills.md has now. */
export function rowsOfPage(): readonly string[] {
  return readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
}

export const installedSkills = () => loadSpokenSkills(fileURLToPath(new URL('skills', ROOT)))

function page(named: readonly Named[]): string {
  const skills = named.filter((skill) => !('notYet' in skill))
  const table = (title: string, those: readonly Named[]) =>
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
    table(
      'Change',
      skills.filter((skill) => isChange(skill)),
    ),
    'What follows is understood, and answered with what is missing; it cannot be done yet, and help does not list it.\n',
    table(
      'Not built yet',
      named.filter((skill) => 'notYet' in skill),
    ),
  ].join('\n')
}

const row = (name: string, ...cells: readonly string[]) =>
  `| \`${name}\` | ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const typed = (skill: Named) => `\`${usageOf(skill)}\``

function who(skill: Named): string {
  if ('notYet' in skill) return 'nobody yet'
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
