const suffixes: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** "250m" → 0.25, "64Mi" → 67108864; NaN for what is no Kubernetes quantity. */
export function parseQuantity(text: string | undefined): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(text ?? '')
  return match === null ? Number.NaN : Number(match[1]) * (suffixes[match[2] ?? ''] ?? Number.NaN)
}

/** CPU in whole cores or millicores: 2 → "2", 0.25 → "250m". */
export function formatCpu(cores: number): string {
  const millicores = Math.round(cores * 1000)
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`
}

/** Bytes in the largest binary unit that divides them. */
function formatBytes(bytes: number): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const size = suffixes[unit] ?? 1
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  }
  return String(Math.round(bytes))
}

/** How the API server would print an amount of this resource. */
export function formatQuantity(resource: string, amount: number): string {
  if (resource.endsWith('cpu')) return formatCpu(amount)
  return resource.endsWith('memory') || resource.endsWith('storage') ? formatBytes(amount) : String(amount)
}
