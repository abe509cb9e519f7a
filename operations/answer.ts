import type { Card } from '../core/card.ts'
import { DeniedError, UserError } from '../core/errors.ts'
import type { PersonId, RequestId } from '../core/ids.ts'
import type { JsonObject } from '../core/json.ts'
import { ROLES } from '../core/person.ts'
import { isChange } from '../core/skill.ts'
import { appendAudit } from '../db/audit.ts'
import type { House } from './deps.ts'
import { admins, sayGrantedBy } from './gate/denials.ts'
import { holdsAnywhere } from './gate/rights.ts'
import { sayList } from './gate/scope.ts'
import { parseInput, readContext } from './plan/preview.ts'
import { sayFailure } from './run/failures.ts'
import { activePerson, look } from './scene.ts'
import { ANSWERS_MAX, answerEach } from './several/answer-each.ts'
import { expand } from './several/expand.ts'

export interface Ask {
  readonly requestId: RequestId
  readonly personId: PersonId
  readonly skill: string
  readonly input: JsonObject
}

/** Runs a read skill for a person; several services or environments are answered in one card. Throws UserError, DeniedError (with an audit row) and UpstreamError. */
export async function answer(house: House, { requestId, personId, skill: name, input }: Ask): Promise<Card> {
  const scene = await look(house)
  const person = activePerson(scene, personId)
  const skill = house.skills.get(name)
  if (!skill || isChange(skill))
    throw new UserError(`There is nothing called "${name}" to ask here. Say "help" for what there is.`)
  const allow = skill.allow ?? ROLES
  if (!holdsAnywhere(person, allow)) {
    const missing = sayList(allow, 'or')
    const grantedBy = admins({ people: [...scene.people.values()] }, {})
    const says = `"${name}" needs the role ${missing}, which you do not have. ${sayGrantedBy(grantedBy)}`
    const rule = `${name} is for ${missing}`
    await house.store.transaction((tx) =>
      appendAudit(tx, [
        { actor: personId, kind: 'request.denied', requestId, says, data: { rule, skill: name }, at: scene.now },
      ]),
    )
    throw new DeniedError(says, { rule, missing, grantedBy })
  }
  const ctx = readContext(house, { person }, AbortSignal.timeout(house.timing.previewMs))
  const parts = expand(skill, input, ANSWERS_MAX)
  if (!parts) return skill.run(parseInput(skill, input), ctx)
  const explain = (error: unknown) => sayFailure(error, house.log, { requestId, skill: name })
  return answerEach(parts, async (part) => skill.run(parseInput(skill, part.input), ctx), explain)
}
