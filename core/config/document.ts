import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { ConfigError, messageOf } from '../errors.ts'

/** A YAML file with the lines its keys stand on. */
export interface ConfigDocument {
  readonly file: string
  readonly content: unknown
  /** The line of a value, of one of its keys, or of the nearest thing around it that is there. 1 is the first. */
  lineOf(path: readonly PropertyKey[], key?: string): number
}

/** Reads YAML. Throws ConfigError with file and line for text that is no YAML. */
export function readDocument(file: string, text: string): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [broken] = document.errors
  if (broken) {
    const line = lines.linePos(broken.pos[0]).line
    const why = broken.message.replace(/\.?\s*$/, '').replaceAll('\n', ' ')
    throw new ConfigError(
      `${file}, line ${line}: this is not valid YAML (${why}); correct the line or the one before it.`,
    )
  }
  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    const unknown = /^Unresolved alias.*: (.+)$/.exec(messageOf(error))?.[1]
    if (unknown)
      throw new ConfigError(
        `${file}: it uses the alias *${unknown}, which no &${unknown} before it names; correct the name, or write the value out.`,
      )
    throw new ConfigError(`${file}: it repeats itself through aliases (*name) too often; write the values out.`)
  }
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : lines.linePos(offset).line)
  return {
    file,
    content,
    lineOf(path, key) {
      for (let length = path.length; length >= 0; length--) {
        const holder = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
        const wanted = length === path.length ? key : undefined
        if (wanted !== undefined && isMap(holder)) {
          const pair = holder.items.find((item) => isScalar(item.key) && String(item.key.value) === wanted)
          if (pair && isScalar(pair.key)) return lineAt(pair.key.range?.[0])
        }
        if (isNode(holder) && holder.range) return keyLine(length, path) ?? lineAt(holder.range[0])
      }
      return 1
    },
  }

  /** A mapping begins on the line after its key; the key is where a person looks. */
  function keyLine(length: number, path: readonly PropertyKey[]): number | undefined {
    if (length === 0) return undefined
    const around = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    if (!isMap(around)) return undefined
    const name = String(path[length - 1])
    const pair = around.items.find((item) => isScalar(item.key) && String(item.key.value) === name)
    return pair && isScalar(pair.key) && pair.key.range ? lineAt(pair.key.range[0]) : undefined
  }
}
