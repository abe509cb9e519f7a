import { FACTORS } from '../store/quantity.ts'

/** CPU in whole cores or millicores: 2 → "2", 0.25 → "250m". */
export function formatCpu(cores: number): string {
  const millicores = Math.round(cores * 1000)
  return millicores % 1000 === 0 ? String(millicores / 1000) : `${millicores}m`
}

/** Bytes in the largest binary unit that divides them. */
function formatBytes(bytes: number): string {
  for (const unit of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const size = FACTORS[unit] ?? 1
    if (bytes >= size && bytes % size === 0) return `${bytes / size}${unit}`
  }
  return String(Math.round(bytes))
}

/** How the API server would print an amount of this resource. */
export function formatQuantity(resource: string, amount: number): string {
  if (resource.endsWith('cpu')) return formatCpu(amount)
  return resource.endsWith('memory') || resource.endsWith('storage') ? formatBytes(amount) : String(amount)
}
