import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestProgram, type TestProgram } from '../../_harness/program.ts'
import { BOT } from './seed.ts'
import { SIGNING_SECRET } from './signed.ts'
import { Town } from './town.ts'

const EVERYWHERE = { environments: '*', teams: '*' }
const roles = (...names: string[]) => names.map((role) => ({ role, ...EVERYWHERE }))

/** `slack:` and `people:` of the configuration, for a town; the guest stands there as an operator, and must not act all the same. */
export function slackConfig(town: Town, folder: string, more: object = {}) {
  const secret = (name: string, value: string) => {
    const path = join(folder, name)
    writeFileSync(path, value)
    return `file:${path}`
  }
  const person = (name: 'mira' | 'jonas' | 'lena' | 'sam' | 'gast', granted: object) => ({
    [name]: { name, accounts: { slack: town.id(name), web: name }, ...granted },
  })
  return {
    slack: {
      signingSecret: secret('signing', SIGNING_SECRET),
      botToken: secret('token', BOT.token),
      api: town.api,
      ...more,
    },
    people: {
      ...person('mira', { roles: roles('operator') }),
      ...person('jonas', { roles: roles('approver') }),
      ...person('lena', { roles: roles('approver') }),
      ...person('sam', { roles: roles('viewer') }),
      ...person('gast', { roles: roles('operator', 'approver') }),
    },
  }
}

/** The real program with a Slack workspace before it. */
export async function startTown(
  more: object = {},
): Promise<{ town: Town; program: TestProgram; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-slack-'))
  const town = await Town.open()
  const program = await startTestProgram({ config: slackConfig(town, folder, more) })
  town.program = program.address
  return {
    town,
    program,
    async close() {
      await program.close()
      await town.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
