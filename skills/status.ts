import { z } from 'zod'
import type { Block, Card, Text } from '../core/card.ts'
import type { CatalogEnvironment } from '../core/catalog/catalog.ts'
import { Environment, Service } from '../core/parameters.ts'
import { defineSkill, type ReadContext } from '../core/skill.ts'
import { answer, eachOrSay, note } from './_shared/answers.ts'
import { EMPTY, isWell, podsText, problemBlocks, sayEmpty, verdict } from './_shared/health.ts'
import { sayImage } from './_shared/images.ts'
import { findEnvironment, findPlace, findService } from './_shared/targets.ts'

export default defineSkill({
  name: 'status',
  summary: 'What runs where, in which version, and whether it is well',
  examples: ['status', 'status checkout', 'how is cart doing in production?', 'what version of search runs in staging'],
  aliases: ['state', 'health', 'how is', 'what runs'],
  input: z.object({ service: Service.optional(), environment: Environment.optional() }),
  risk: 'read',

  async run({ service, environment }, ctx) {
    if (service && environment) return oneWorkload(ctx, service, environment)
    if (service) return acrossEnvironments(ctx, findService(ctx.catalog, service).name)
    if (environment) return wholeEnvironment(ctx, findEnvironment(ctx.catalog, environment))
    return everything(ctx)
  },
})

async function oneWorkload(ctx: ReadContext, service: string, environment: string): Promise<Card> {
  const place = findPlace(ctx.catalog, { service, environment })
  const [workload, [lock]] = await Promise.all([ctx.cluster.workload(place.ref), ctx.desk.locks(place.ref)])
  const facts: { label: string; value: Text }[] = [
    { label: 'Version', value: sayImage(workload.image) },
    { label: 'Pods', value: podsText(workload) },
    { label: 'Revision', value: String(workload.revision) },
  ]
  if (workload.autoscaler) {
    const { name, min, max, desired } = workload.autoscaler
    facts.push({ label: 'Autoscaler', value: `${name}: ${min} to ${max}, wants ${desired}` })
  }
  if (workload.owner) facts.push({ label: 'Owned by', value: workload.owner.name })
  if (workload.lastOperation) facts.push({ label: 'Last change', value: [{ code: workload.lastOperation }] })
  if (lock) facts.push({ label: 'Locked', value: `by ${lock.by.name}${lock.reason ? `: ${lock.reason}` : ''}` })
  const blocks: Block[] = [{ type: 'facts', facts }]
  blocks.push(...problemBlocks(workload))
  return answer(`${place.says}: ${verdict(workload)}`, blocks, {
    tone: workload.problems.length ? 'bad' : isWell(workload) ? 'good' : 'busy',
  })
}

async function acrossEnvironments(ctx: ReadContext, service: string): Promise<Card> {
  const known = ctx.catalog.service(service)?.environments ?? []
  const environments = ctx.catalog.environments.filter(
    (environment) => known.length === 0 || known.includes(environment.name),
  )
  const { found, failed } = await eachOrSay(environments, ({ name }) =>
    ctx.cluster.workload({ service, environment: name }),
  )
  const rows = found.map(({ item, result }) => [item.name, result.version, podsText(result), verdict(result)])
  const sick = found.filter(({ result }) => !isWell(result)).map(({ item }) => item.name)
  const table: Block = { type: 'table', columns: ['Environment', 'Version', 'Pods', 'State'], rows }
  const blocks = [table, ...failed.map(({ item, says }) => note('warn', `${item.name}: ${says}`))]
  const tone = sick.length ? 'warn' : failed.length ? 'neutral' : 'good'
  return answer(sick.length ? `${service} needs a look in ${sick.join(', ')}` : service, blocks, { tone })
}

async function wholeEnvironment(ctx: ReadContext, environment: CatalogEnvironment): Promise<Card> {
  const workloads = await ctx.cluster.workloads(environment.name)
  if (workloads.length === 0)
    return answer(`${environment.name}: ${EMPTY}`, [note('warn', sayEmpty(environment))], { tone: 'warn' })
  const sick = workloads.filter((workload) => !isWell(workload))
  const rows = [...workloads]
    .sort((a, b) => Number(isWell(a)) - Number(isWell(b)) || a.ref.service.localeCompare(b.ref.service))
    .map((workload) => [workload.ref.service, workload.version, podsText(workload), verdict(workload)])
  const title = sick.length
    ? `${environment.name}: ${sick.length} of ${workloads.length} services need a look`
    : `${environment.name}: all ${workloads.length} services are well`
  return answer(title, [{ type: 'table', columns: ['Service', 'Version', 'Pods', 'State'], rows }], {
    tone: sick.length ? 'warn' : 'good',
  })
}

async function everything(ctx: ReadContext): Promise<Card> {
  const { found, failed } = await eachOrSay(ctx.catalog.environments, ({ name }) => ctx.cluster.workloads(name))
  const rows = found.map(({ item, result }) => {
    const sick = result.filter((workload) => !isWell(workload)).map((workload) => workload.ref.service)
    return [item.name, String(result.length), sick.length ? sick.join(', ') : result.length ? 'all well' : EMPTY]
  })
  const halted = await ctx.desk.halted()
  const blocks: Block[] = [{ type: 'table', columns: ['Environment', 'Services', 'Need a look'], rows }]
  if (halted)
    blocks.unshift(note('bad', `Changes are halted by ${halted.by}${halted.reason ? `: ${halted.reason}` : ''}.`))
  return answer('Status', [...blocks, ...failed.map(({ item, says }) => note('warn', `${item.name}: ${says}`))], {
    tone: found.some(({ result }) => !result.every(isWell)) ? 'warn' : 'neutral',
    actions: ctx.catalog.environments.map(({ name }) => ({
      verb: 'say',
      label: `Status ${name}`,
      style: 'plain',
      payload: { text: `status environment=${name}` },
    })),
  })
}
