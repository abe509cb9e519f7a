/** The processor time that `work` took in this process, in ms: whatever else the machine does, it stays about the same. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
