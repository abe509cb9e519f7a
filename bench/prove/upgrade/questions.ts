import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Breach, ProveOptions } from '../prover.ts'
import { ANSWER } from './sentences.ts'
import { type Room, type Stand, type Stands, standsOf, type World } from './world.ts'

const ANSWERED = 'a question that was open before an upgrade is answered after it'
const WITHIN_MS = 60_000
const LOOK_MS = 200
const ASKER = 'mira'

/** Everybody answers in the chat what they were asked there; resolves with what came of it, which somebody has said yes to. A fault of ours is seen in the first. */
export async function answerQuestions(
  world: World,
  { surface, sabotage }: Pick<ProveOptions, 'surface' | 'sabotage'>,
): Promise<{ readonly answered: readonly Stand[]; readonly breaches: readonly Breach[] }> {
  const answered: Stand[] = []
  const breaches: Breach[] = []
  for (const room of world.rooms) {
    if (room.isNew || (surface && room.chat.name !== surface)) continue
    for (const thread of await openIn(world, room)) {
      if (sabotage && breaches.length > 0) return { answered, breaches }
      const stand = await answer(world, room, thread).catch((error: unknown) => `${error}`)
      if (typeof stand === 'object') answered.push(stand)
      else breaches.push({ promise: ANSWERED, what: `in ${thread} somebody said "${ANSWER}": ${stand}` })
    }
  }
  return { answered, breaches }
}

async function openIn({ program }: World, { chat }: Room): Promise<readonly string[]> {
  const { rows } = await program.store.db.execute<{ thread: string }>(sql`
    select surface_key as thread from quarterdeck.threads
    where surface = ${chat.name} and coalesce(context->'questions', '{}'::jsonb) <> '{}'::jsonb order by surface_key`)
  return rows.map(({ thread }) => thread)
}

async function answer(world: World, { chat }: Room, thread: string): Promise<Stand> {
  const saying = await chat.saying(ASKER, ANSWER, { place: chat.placeOf(thread) })
  if (!(await saying.send(world.program.address ?? ''))) throw new Error(`it was not taken by ${chat.name}`)
  for (const late = Date.now() + WITHIN_MS; Date.now() < late; await pause(LOOK_MS)) {
    const stand = [...(await standsOf(world.program.store)).values()].find((one) => one.thread === thread)
    if (!stand) continue
    const told = await world.press('jonas', stand, 'approve')
    if (!told.startsWith('yes')) throw new Error(`${stand.id} came of it, and jonas, who approved, was told "${told}"`)
    return stand
  }
  throw new Error('nothing came of it')
}

/** What came of the answers is done in the end. */
export const undone = (answered: readonly Stand[], after: Stands): readonly Breach[] =>
  answered
    .filter(({ id }) => after.get(id)?.state !== 'succeeded')
    .map(({ id }) => ({ promise: ANSWERED, what: `${id}, which came of an answer, is ${after.get(id)?.state}` }))
