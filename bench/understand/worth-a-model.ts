import { worthAsking } from '../../bot/understand/language-model/worth-asking.ts'
import type { Interpretation } from '../../core/interpretation.ts'
import type { SpokenSkillSet } from '../../core/skill-set.ts'
import { isOpen, type UnderstandingTest } from './lines.ts'

/** For what share of the lines, in percent, a configured language model would be asked: what it costs, and what it could mend. */
export function shareForModel(
  { requests, noRequests, languages }: UnderstandingTest,
  read: (text: string) => Interpretation,
  skills: SpokenSkillSet,
) {
  const share = (lines: readonly { readonly text: string }[]) => {
    const asked = lines.filter(({ text }) => worthAsking(read(text), text, skills)).length
    return { asked, of: lines.length, percent: Math.round((asked / Math.max(1, lines.length)) * 1_000) / 10 }
  }
  const misread = requests.filter(({ text, skill }) => read(text).skill !== skill)
  return {
    openNoRequests: share(noRequests.filter(({ text }) => isOpen(text))),
    misreadRequests: share(misread),
    rightRequests: share(requests.filter((line) => !misread.includes(line))),
    otherLanguages: share(languages),
  }
}
