import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('docs/dependencies.md names each package of package.json and no other, and each approved install script', () => {
  const { dependencies, devDependencies, allowScripts } = JSON.parse(read('package.json')) as Record<string, object> // ours
  const page = read('docs/dependencies.md')
  const rows = page.split('\n').flatMap((line) => (/^\| `/.test(line) ? [line.split('|')[1] ?? ''] : []))
  const named = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  expect(named.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort())
  for (const name of Object.keys(allowScripts ?? {})) expect(page).toContain(`- **\`${name}\`**`)
})
