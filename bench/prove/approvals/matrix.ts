import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv, stdout } from 'node:process'
import { parse } from 'yaml'
import { buildCatalog } from '../../../core/catalog/build.ts'
import { configFrom } from '../../../core/config.ts'
import type { PersonId } from '../../../core/ids.ts'
import { type Person, ROLES } from '../../../core/person.ts'
import type { Risk, Target } from '../../../core/plan.ts'
import { policyOf } from '../../../core/policy.ts'
import { MODES } from '../../../core/ports/desk.ts'
import { type ChangeSkill, type DeclaredSkill, isChange, type ReadSkill, type Skill } from '../../../core/skill.ts'
import { loadSpokenSkills } from '../../../core/skill-set.ts'
import { decide } from '../../../operations/gate/decide.ts'
import type { Verdict } from '../../../operations/gate/question.ts'
import { holdsAnywhere } from '../../../operations/gate/rights.ts'
import { REVIEWED } from './matrix-review.ts'

const ROOT = join(import.meta.dirname, '../../..')
const GOLDEN = join(import.meta.dirname, 'matrix.golden')
const COLUMNS = ['nobody', ...ROLES] as const
const NOW = new Date('2026-11-20T10:00:00.000Z')

const HEAD = `# Who may do what: skill × role × environment × mode, as the gate decides with quarterdeck.yaml. Made by
#   node bench/prove/approvals/matrix.ts --write
# and compared by "npm run prove -- approvals". A line that changes is a change of who may do what: read it before you write it down.
#
# Six cells for each mode: a person with no role, and with one role alone, which counts everywhere: ${COLUMNS.join(', ')}.
#   .  refused        p  the plan is shown, nothing runs        !  runs, nobody else is asked        2  runs once two others said yes
# Environment "-" is a plan that names none. (write) and (destructive) are the risks a skill may have, where its input decides.
`

/** The whole table, made now. */
export async function makeMatrix(): Promise<string> {
  const skills = await loadSpokenSkills(join(ROOT, 'skills'))
  const built = skills.filter((skill): skill is Skill => !('notYet' in skill))
  const changes = built.filter((skill) => isChange(skill))
  const reads = built.filter((skill): skill is ReadSkill => !isChange(skill))
  const notBuilt = skills.filter((skill): skill is DeclaredSkill => 'notYet' in skill)
  const width = MODES.map((mode) => mode.padEnd(11)).join('  ')
  return [
    HEAD,
    `## Changes\n\n${' '.repeat(36)}${width}`.trimEnd(),
    ...changes.flatMap((skill) => risksOf(skill).map((risk) => group(skill, risk))),
    '## Reads (any environment and mode)\n',
    ...reads.map(
      ({ name, allow = ROLES }) =>
        `${name.padEnd(36)}${COLUMNS.map((role) => (holdsAnywhere(person(role), allow) ? '!' : '.')).join(' ')}`,
    ),
    '\n## Named, not built: nothing runs\n',
    `${notBuilt.map(({ name }) => name).join(' ')}\n`,
  ].join('\n')
}

// What depends on the input is asked for as both.
const risksOf = ({ risk }: ChangeSkill): readonly Risk[] =>
  typeof risk === 'function' ? ['write', 'destructive'] : [risk]

const config = configFrom(parse(readFileSync(join(ROOT, 'quarterdeck.yaml'), 'utf8')))
const policy = policyOf(config)
const catalog = buildCatalog({ environments: config.environments, services: config.services, components: [] }, [])

function group(skill: ChangeSkill, risk: Risk): string {
  const title = typeof skill.risk === 'function' ? `${skill.name} (${risk})` : skill.name
  const places = [...config.environments.map(({ name }) => name), undefined]
  const lines = places.map((environment) => {
    const cells = MODES.map((mode) => COLUMNS.map((role) => cell(skill, risk, environment, mode, role)).join(' '))
    return `${title.padEnd(22)}${(environment ?? '-').padEnd(14)}${cells.join('  ')}`
  })
  const review = REVIEWED[title] ?? NOT_REVIEWED
  return `# ${review}\n${lines.join('\n')}\n`
}

function cell(
  skill: ChangeSkill,
  risk: Risk,
  environment: string | undefined,
  mode: (typeof MODES)[number],
  role: string,
): string {
  const targets: Target[] = environment ? [{ service: 'checkout', environment, team: 'payments' }] : []
  const requester = person(role)
  const verdict = decide({
    plan: {
      ...{
        skill: skill.name,
        skillVersion: 1,
        input: {},
        risk,
        targets,
        summary: skill.name,
        changes: [],
        preconditions: [],
      },
      ...{ undo: { impossible: '' }, steps: [], evidence: [], warnings: [] },
    },
    skill,
    person: requester,
    people: [requester],
    ...{ delegations: [], locks: [], approvals: [], halted: undefined, now: NOW, plannedAt: NOW },
    ...{ policy, catalog },
    modes: { everywhere: mode, scoped: [] },
  })
  return sayVerdict(verdict)
}

function sayVerdict(verdict: Verdict): string {
  if (verdict.verdict === 'allow') return '!'
  if (verdict.verdict === 'deny') return verdict.passes === 'plan-only' ? 'p' : '.'
  // Every rule has to be met, by people who may be the same: the most that one of them asks for.
  return String(Math.max(...verdict.requirements.map(({ count }) => count)))
}

function person(role: string): Person {
  const held = ROLES.find((known) => known === role)
  const grants = held ? [{ role: held, environments: ['*'], teams: ['*'] }] : []
  return { id: 'somebody' as PersonId, name: 'Somebody', timezone: 'utc', accounts: [], grants, active: true } // any text is an id here
}

const NOT_REVIEWED = 'NOT REVIEWED: write down in matrix-review.ts why it is as it is.'

/** Lines that are not as they were reviewed, or that nobody reviewed. */
export async function matrixDifferences(): Promise<readonly string[]> {
  const was = readFileSync(GOLDEN, 'utf8').split('\n')
  const is = (await makeMatrix()).split('\n')
  const blind = is.filter((line) => line.includes(NOT_REVIEWED))
  const gone = was.filter((line) => !is.includes(line)).map((line) => `- ${line}`)
  return [...blind, ...gone, ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`)]
}

export const matrixCells = (text: string) =>
  text.split('\n').reduce((sum, line) => sum + (line.match(/(?<= )[.p!\d](?= |$)/g) ?? []).length, 0)

if (import.meta.main) {
  const text = await makeMatrix()
  if (argv.includes('--write')) writeFileSync(GOLDEN, text)
  else stdout.write(text)
}
