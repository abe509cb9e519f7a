import { expect, test } from 'vitest'
import { installedSkills, rowsOfPage, skillRows } from '../_harness/skills-table.ts'

const nameOf = (row: string) => /^\| `([^`]+)`/.exec(row)?.[1]

// Whoever adds a skill touches its file and its test only, so a skill that is newer than the page may be missing from it.
test('docs/skills.md says of every skill in it what its file says; run "npm run docs:skills" when it does not', async () => {
  const rows = skillRows(await installedSkills())
  const page = rowsOfPage()
  expect(page.length).toBeGreaterThan(0)
  expect(page.map(nameOf).sort()).toEqual(
    rows
      .map(nameOf)
      .filter((name) => page.map(nameOf).includes(name))
      .sort(),
  )
  for (const row of page) expect(rows).toContain(row)
})
