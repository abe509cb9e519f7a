/** What this browser remembers. Private windows may refuse storage; the page then works without a memory. */
export function remember(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`quarterdeck.${name}`)
    else localStorage.setItem(`quarterdeck.${name}`, JSON.stringify(value))
  } catch {
    // nothing to do: remembering is a comfort
  }
}

/** What was remembered when `isIt` recognises it; else undefined. */
export function recall<Value>(name: string, isIt: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`quarterdeck.${name}`) ?? 'null')
    return isIt(value) ? value : undefined
  } catch {
    return undefined
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)
export const isTextRecord = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isText)
