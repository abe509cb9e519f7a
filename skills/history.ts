import { z } from 'zod'
import type { Block } from '../core/card.ts'
import { messageOf } from '../core/errors.ts'
import { Environment, Service } from '../core/parameters.ts'
import { defineSkill } from '../core/skill.ts'
import { answer, note, operationsTable } from './_shared/answers.ts'
import { changesChart } from './_shared/changes-chart.ts'
import { findEnvironment, findPlace, findService } from './_shared/targets.ts'

const SHOWN = 15
const DAYS = 14

export default defineSkill({
  name: 'history',
  summary: 'Who changed what and when, and which versions ran',
  examples: ['history checkout production', 'what changed in staging', 'history', 'who deployed cart last'],
  aliases: ['changes', 'what changed', 'recent changes'],
  input: z.object({ service: Service.optional(), environment: Environment.optional() }),
  risk: 'read',

  async run(input, ctx) {
    const service = input.service ? findService(ctx.catalog, input.service).name : undefined
    const environment = input.environment ? findEnvironment(ctx.catalog, input.environment).name : undefined
    const { timezone } = ctx.person
    const operations = await ctx.desk.operations({ service, environment, limit: SHOWN })
    const chart = changesChart(await ctx.desk.changesByDay({ service, environment, days: DAYS, timezone }))
    const where = [service && `of ${service}`, environment && `in ${environment}`].filter(Boolean).join(' ')
    const blocks: Block[] = [
      operations.length
        ? operationsTable(operations)
        : note('info', `No change ${where ? `${where} ` : ''}was made through Quarterdeck yet.`),
      ...(chart ? [chart] : []),
    ]
    if (service && environment) {
      const { ref } = findPlace(ctx.catalog, { service, environment })
      try {
        const revisions = [...(await ctx.cluster.revisions(ref))].sort((a, b) => b.revision - a.revision)
        blocks.push({ type: 'text', text: [{ bold: 'Revisions the cluster remembers' }] })
        blocks.push({
          type: 'table',
          columns: ['Revision', 'Version', 'First ran', 'Operation'],
          rows: revisions.map((revision) => [
            `${revision.revision}${revision.active ? ' (runs)' : ''}`,
            revision.version,
            [{ time: revision.createdAt, show: 'relative' }],
            revision.operation ? [{ code: revision.operation }] : '–',
          ]),
        })
      } catch (error) {
        blocks.push(note('warn', messageOf(error)))
      }
    }
    return answer(where ? `History ${where}` : 'History', blocks)
  },
})
