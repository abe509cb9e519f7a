/** Which thread is open is in the address, so that a reload, a bookmark and the back button mean the same. */
const THREAD = /^#\/t\/([a-z]+-[0-9a-z]{8,40})$/

export function threadInAddress(): string | undefined {
  return THREAD.exec(location.hash)?.[1]
}

export function goToThread(key: string | undefined): void {
  const hash = key ? `#/t/${key}` : '#/'
  if (location.hash !== hash) location.hash = hash
}

export function onAddressChange(fn: () => void): void {
  addEventListener('hashchange', fn)
}
