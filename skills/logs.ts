import { z } from 'zod'
import { Duration, durationMs, Environment, Sentence, Service, sayDuration } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { answer, note } from './_shared/answers.ts'
import { findPlace } from './_shared/targets.ts'

const LINES_READ = 2000
const LINES_SHOWN = 20
const DEFAULT_SINCE = '15m'

export default defineSkill({
  name: 'logs',
  summary: 'The last log lines of a service, from all its pods in time order',
  examples: [
    'logs checkout production',
    'show me the logs of cart in staging since 1h',
    'logs payments prod contains "timeout"',
  ],
  aliases: ['log', 'tail'],
  input: z.object({
    service: Service,
    environment: Environment,
    since: Duration.optional(),
    contains: Sentence('text to look for').optional(),
  }),
  risk: 'read',

  async run(input, ctx) {
    const place = findPlace(ctx.catalog, input)
    const since = input.since ?? DEFAULT_SINCE
    const sinceMs = durationMs(since)
    const { lines, truncated } = await ctx.cluster.logs(place.ref, {
      sinceMs,
      contains: input.contains,
      maxLines: LINES_READ,
    })
    const span = `last ${sayDuration(sinceMs ?? 0)}`
    const filter = input.contains ? ` with "${input.contains}"` : ''
    const title = `Logs of ${place.says}, ${span}${filter}`
    const narrower = input.contains ? 'Ask for a shorter time.' : 'Ask for a shorter time or a word to look for.'
    if (lines.length === 0) {
      const none = truncated
        ? note('warn', `No line${filter} in what was read, which is not all of the ${span}. ${narrower}`)
        : note('info', `No line${filter} in the ${span}.`)
      return answer(title, [none])
    }
    const whole = lines.map((line) => `${line.at} ${line.pod} ${line.text}`)
    // The pod's last part tells pods apart, the clock tells moments; the file has both in full.
    const shown = lines.slice(-LINES_SHOWN).map(({ at, pod, text }) => `${at.slice(11, 19)} ${pod.slice(-5)} ${text}`)
    const name = `${place.service.name}-${place.environment.name}.log`
    const pods = new Set(lines.map((line) => line.pod)).size
    return answer(
      title,
      [
        {
          type: 'code',
          text: shown.join('\n'),
          truncated: whole.length - shown.length || undefined,
          file:
            whole.length > shown.length
              ? { name, mediaType: 'text/plain', content: `${whole.join('\n')}\n` }
              : undefined,
        },
        ...(truncated
          ? [note('warn', `Not everything was read: older lines, or those of further pods, are missing. ${narrower}`)]
          : []),
      ],
      { footer: `${lines.length} lines from ${pods} ${pods === 1 ? 'pod' : 'pods'}; times in UTC` },
    )
  },
})
