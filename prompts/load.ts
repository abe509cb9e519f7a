import { readFileSync } from 'node:fs'

export interface Prompt {
  readonly name: string
  /** Raised by hand with every change of wording, so that old answers and measurements are told from new ones. */
  readonly version: number
  /** The text of the part that bears this name. Throws when there is none. */
  part(name: string): string
}

const FRONT_MATTER = /^---\nname: ([a-z-]+)\nversion: (\d+)\n---\n/
const PART = /^<!-- ([a-z_ ]+) -->$/m

/** Reads `prompts/NAME.md`: a name and a version in front, then parts that begin with `<!-- part -->`. */
export function loadPrompt(name: string): Prompt {
  const text = readFileSync(new URL(`${name}.md`, import.meta.url), 'utf8')
  const front = FRONT_MATTER.exec(text)
  if (!front || front[1] !== name)
    throw new Error(
      `prompts/${name}.md does not begin with its name and version: write "---", "name: ${name}", "version: 1", "---".`,
    )
  const [, ...pieces] = text.slice(front[0].length).split(PART)
  const parts = new Map<string, string>()
  for (let at = 0; at + 1 < pieces.length; at += 2) parts.set(pieces[at] ?? '', (pieces[at + 1] ?? '').trim())
  return {
    name,
    version: Number(front[2]),
    part(wanted) {
      const part = parts.get(wanted)
      if (!part) throw new Error(`prompts/${name}.md has no part "${wanted}".`)
      return part
    },
  }
}

/** A part with its `{{places}}` filled in. Throws for a place without a value and for a value without a place. */
export function fillPrompt(part: string, values: Readonly<Record<string, string>>): string {
  const open = new Set(Object.keys(values))
  const filled = part.replace(/\{\{(\w+)\}\}/g, (_, place: string) => {
    const value = values[place]
    if (value === undefined) throw new Error(`the prompt asks for {{${place}}}, which nobody filled in`)
    open.delete(place)
    return value
  })
  if (open.size > 0) throw new Error(`the prompt has no place for ${[...open].join(', ')}`)
  return filled
}
