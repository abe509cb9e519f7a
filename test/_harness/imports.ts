/**
 * The module specifiers a TypeScript file imports, statically or dynamically. Comments do not count.
 */
export function importsOf(file: string, text: string): string[] {
  const code = withoutComments(text)
  const found: string[] = []
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/gm
  for (const [, fromStatic, fromDynamic] of code.matchAll(pattern)) {
    const specifier = fromStatic ?? fromDynamic
    if (specifier) found.push(specifier)
  }
  if (/\bimport\(\s*[^'"\s)]/.test(code) && !MAY_IMPORT_BY_NAME.includes(file)) {
    throw new Error(`${file} imports a module whose name is computed: the house cannot be checked there`)
  }
  return found
}

/** Where plug-ins are discovered by reading a folder. */
const MAY_IMPORT_BY_NAME = ['core/skill-set.ts', 'bench/run.ts']

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
