/** What a program that has started says to whoever started it. */
export function greeting(
  role: string,
  program: {
    readonly address: string | undefined
    readonly metricsAddress: string | undefined
    readonly firstAdminCode: string | undefined
    readonly sandboxUrl: string | undefined
    readonly store: { readonly backend: 'pglite' | 'postgres' }
  },
): string[] {
  const { address, metricsAddress, firstAdminCode, sandboxUrl, store } = program
  const watch = metricsAddress ? [`Metrics and health are at ${metricsAddress}`] : []
  if (!address) return [`Quarterdeck ${role} works.`, ...watch]
  const lines = [`Quarterdeck is at ${address}`, ...watch]
  if (sandboxUrl) lines.push(`It drives a simulated shop; its levers are at ${sandboxUrl}/control`)
  if (store.backend === 'pglite')
    lines.push('The store is embedded: for trying out, not for production (docs/operating.md).')
  if (firstAdminCode) lines.push(`Nobody is an admin yet. Say this there to become the first: claim ${firstAdminCode}`)
  return lines
}
