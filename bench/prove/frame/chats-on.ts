import { type Backend, CHATS, type ChatName, type Prover } from '../prover.ts'

/** Where a prover is asked over a chat: each of them on every backend; in the short form each on one, and with the next seed on another. */
export function chatsOn(
  { name, backends }: Pick<Prover, 'name' | 'backends'>,
  { short, seed }: { readonly short: boolean; readonly seed: number },
): readonly { readonly surface: ChatName; readonly backend: Backend }[] {
  return CHATS.flatMap((surface, at) => {
    const one = backends[(at + name.length + seed) % backends.length]
    const chosen = short ? backends.filter((backend) => backend === one) : backends
    return chosen.map((backend) => ({ surface, backend }))
  })
}
