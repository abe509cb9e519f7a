/** Which thread, or which card by itself, is open is in the address, so that a reload, a bookmark and the back button mean the same. */
const THREAD = /^#\/t\/([a-z]+-[0-9a-z]{8,40})$/
const CARD = /^#\/c\/(dl-[0-9a-z]{8,40})$/

export function threadInAddress(): string | undefined {
  return THREAD.exec(location.hash)?.[1]
}

export function cardInAddress(): string | undefined {
  return CARD.exec(location.hash)?.[1]
}

export function goToThread(key: string | undefined): void {
  const hash = key ? `#/t/${key}` : '#/'
  if (location.hash !== hash) location.hash = hash
}

/** An address from before the login; anything but a thread's or a card's leads nowhere else. */
export function goBackTo(hash: string): void {
  if ((THREAD.test(hash) || CARD.test(hash)) && location.hash.length <= '#/'.length) location.hash = hash
}

export function onAddressChange(fn: () => void): void {
  addEventListener('hashchange', fn)
}
