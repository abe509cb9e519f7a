/** Uniform numbers in [0, 1) that depend on the seed alone: SplitMix's step with Stafford's mixer, on 32 bits. */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    const half = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    const most = Math.imul(half ^ (half >>> 15), 0x735a2d97)
    return ((most ^ (most >>> 15)) >>> 0) / 2 ** 32
  }
}
