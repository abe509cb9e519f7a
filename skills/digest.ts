import { z } from 'zod'
import { Channel, Choice, Schedule } from '../core/parameters.ts'
import { declareSkill } from '../core/skill.ts'

export default declareSkill({
  name: 'digest',
  summary: 'A summary into a channel, regularly or now',
  examples: [
    'digest incidents daily 09:00 #ops',
    'digest costs monday',
    'send a digest of deploys to #releases every weekday at 17:00',
  ],
  aliases: ['summary'],
  input: z.object({
    kind: Choice('kind', ['operations', 'incidents', 'alerts', 'deploys', 'costs'], {
      incident: 'incidents',
      alert: 'alerts',
      deploy: 'deploys',
      deployments: 'deploys',
      deployment: 'deploys',
      releases: 'deploys',
      release: 'deploys',
      cost: 'costs',
      spend: 'costs',
      spending: 'costs',
      ops: 'operations',
      operation: 'operations',
    }),
    when: Schedule,
    channel: Channel.optional(),
  }),
  risk: 'write',
  notYet: 'Digests are not sent yet. "operations" and "history" show what happened.',
})
