import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const DIST = join(HERE, 'dist')

/**
 * The folder of the built page, built first when the sources changed (under a second). Each state of the sources has its own
 * folder, written aside and renamed, so that programs starting at the same time never see half a page. A release that was built
 * beforehand needs no Vite at run time.
 */
export async function ensurePage(): Promise<string> {
  const folder = join(DIST, sourcesHash())
  if (existsSync(join(folder, 'index.html'))) return folder
  const { build } = await import('vite')
  const aside = `${folder}.${process.pid}.part`
  await mkdir(DIST, { recursive: true })
  await build({
    configFile: join(HERE, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: aside, emptyOutDir: true },
  })
  await rename(aside, folder).catch(async (error: unknown) => {
    await rm(aside, { recursive: true, force: true })
    if (!existsSync(join(folder, 'index.html'))) throw error
  })
  await forgetOld(folder)
  return folder
}

function sourcesHash(): string {
  const hash = createHash('sha256')
  const files = ['index.html', 'vite.config.ts', ...globSync('{src,public}/**/*', { cwd: HERE }).sort()]
  for (const file of files) {
    const path = join(HERE, file)
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex').slice(0, 16)
}

const KEEP_MS = 24 * 3_600_000

/** Yesterday's builds go; today's may still be served by a program that runs. */
async function forgetOld(current: string): Promise<void> {
  for (const name of await readdir(DIST)) {
    const path = join(DIST, name)
    if (path !== current && Date.now() - statSync(path).mtimeMs > KEEP_MS)
      await rm(path, { recursive: true, force: true })
  }
}

if (import.meta.main) process.stdout.write(`The page is built in ${await ensurePage()}.\n`)
