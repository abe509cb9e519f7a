export const FACTORS: Record<string, number> = {
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

/** `250m` → 0.25, `1Gi` → 1073741824, `2e3` → 2000; NaN for anything that is no quantity. */
export function parseQuantity(text: string | undefined): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text ?? '')
  if (!match?.[1]) return Number.NaN
  return Number(match[1] + (match[2] ?? '')) * (FACTORS[match[3] ?? ''] ?? 1)
}
