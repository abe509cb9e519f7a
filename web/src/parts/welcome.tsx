import { page } from '../state/page.ts'
import { useStore } from '../store.ts'
import { visibleLine } from '../visible-text.ts'
import { fillComposer } from './draft.ts'

const FIRST = ['deploy', 'status', 'scale', 'rollback', 'history', 'restart']

/** An empty conversation: a few sentences to start from, taken from the skills this person may use. */
export function Welcome() {
  const guide = useStore(page, (state) => state.guide)
  const name = useStore(page, (state) => state.session?.person?.name)
  const ranked = [...guide.skills].sort((a, b) => rank(a.name) - rank(b.name)).slice(0, 4)
  return (
    <section class="welcome">
      <h2>{name ? `What should happen, ${visibleLine(name).split(' ')[0]}?` : 'What should happen?'}</h2>
      <p>Say it in a sentence. You see the plan before anything changes, and who has to approve it.</p>
      <ul class="starters">
        {ranked.map(({ name: skill, summary, examples }) => (
          <li key={skill}>
            <button type="button" class="starter" onClick={() => fillComposer(examples[0] ?? skill)}>
              <span class="starter-says">{visibleLine(examples[0] ?? skill)}</span>
              <span class="starter-about">{visibleLine(summary)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function rank(skill: string): number {
  const at = FIRST.indexOf(skill)
  return at < 0 ? FIRST.length : at
}
