import { expect, test } from 'vitest'
import { toolboxFor } from '../../../../bot/understand/language-model/tools.ts'
import { loadSpokenSkills } from '../../../../core/skill-set.ts'
import { loadPrompt } from '../../../../prompts/load.ts'

const skills = await loadSpokenSkills(new URL('../../../../skills', import.meta.url).pathname)
const prompt = loadPrompt('understand')
const { tools, version } = toolboxFor(skills, prompt)
const toolOf = (name: string) => tools.find((tool) => tool.name === name)

test('every skill is one tool, beside the two that call none', () => {
  expect(tools.map(({ name }) => name)).toEqual([...skills.map(({ name }) => name), 'no_request', 'ask'])
  for (const { name } of tools) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
})

test('a tool is made from the skill: its parameters, each of which may be left out, and what is unclear', () => {
  expect(toolOf('scale')?.parameters).toEqual({
    type: 'object',
    properties: {
      service: { type: ['string', 'null'] },
      environment: { type: ['string', 'null'] },
      replicas: {
        anyOf: [{ type: 'integer' }, { type: 'string' }, { type: 'null' }],
        description: 'a number, or +2, -1, x2',
      },
      for: { type: ['string', 'null'], description: expect.stringContaining('duration, like 30m') },
      unclear: { type: 'array', items: { type: 'string', enum: ['service', 'environment', 'replicas', 'for'] } },
    },
    required: ['service', 'environment', 'replicas', 'for', 'unclear'],
    additionalProperties: false,
  })
  expect(toolOf('scale')?.description).toContain(
    'Change how many replicas of a service run, for good or for a while. Changes something. "scale checkout',
  )
  expect(toolOf('status')?.description).toContain('Only looks.')
})

test('strict schemas keep to what endpoints can hold a model to: all required, nothing more, no bounds', () => {
  const parts = (value: unknown): object[] =>
    value !== null && typeof value === 'object' ? [value, ...Object.values(value).flatMap(parts)] : []
  const strict = tools.filter((tool) => tool.strict)
  expect(strict.length).toBeGreaterThan(40)
  for (const { name, parameters } of strict)
    for (const part of parts(parameters)) {
      const keys = Object.keys(part)
      expect(
        keys.filter(
          (key) =>
            /^(?:\$|min|max|pattern|format|default|kind|label|hint|said|propertyNames)/.test(key) &&
            !(key in (parameters.properties as object)),
        ),
        name,
      ).toEqual([])
      if ('properties' in part && 'type' in part && part.type === 'object') {
        expect(part).toMatchObject({ additionalProperties: false, required: Object.keys(part.properties as object) })
      }
    }
})

test('a value that is one of a few may be left out too', () => {
  expect(toolOf('deploy')?.parameters.properties).toMatchObject({
    strategy: { anyOf: [{ type: 'string', enum: ['rolling', 'canary', 'blue-green'] }, { type: 'null' }] },
  })
})

test('all of them together stay short, because every question bears them', () => {
  const characters = JSON.stringify(tools).length
  expect(characters / tools.length).toBeLessThan(600)
})

test('its version moves with the skills and with what the prompt says of them', () => {
  const [first, ...rest] = skills
  expect(toolboxFor(rest, prompt).version).not.toBe(version)
  const renamed = skills.map((skill) => (skill === first ? { ...skill, summary: 'Something else' } : skill))
  expect(toolboxFor(renamed, prompt).version).not.toBe(version)
  expect(toolboxFor([...skills], prompt).version).toBe(version)
})
