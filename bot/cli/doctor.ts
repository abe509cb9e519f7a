import { messageOf } from '../../core/errors.ts'

export interface Check {
  readonly name: string
  /** Resolves with what was found; throws a sentence that says what is wrong and what to do. */
  readonly look: () => Promise<string>
  /** Absent: yes. What is shown only does not make the doctor fail. */
  readonly needed?: boolean
}

/** Looks at every part, one line each. Resolves with the exit code: 1 when something needed is not well. */
export async function runDoctor(checks: readonly Check[], write: (line: string) => void): Promise<number> {
  let sick = 0
  const width = Math.max(...checks.map(({ name }) => name.length))
  for (const { name, look, needed = true } of checks) {
    try {
      write(`ok    ${name.padEnd(width)}  ${await look()}`)
    } catch (error) {
      if (needed) sick += 1
      write(`${needed ? 'FAIL' : 'warn'}  ${name.padEnd(width)}  ${messageOf(error)}`)
    }
  }
  write(sick === 0 ? 'All is well.' : `${sick} of ${checks.length} checks failed.`)
  return sick === 0 ? 0 : 1
}
