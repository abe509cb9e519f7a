const COUNTED =
  /^(?:It starts now|The glass is broken|Counted|You \w+ this already|Rejected\.|Cancelled;|It is being stopped|This click was already)/

/** Whether somebody who pressed a button of an operation's card was told that it counted, or had before. */
export const hasCounted = (says: string): boolean => COUNTED.test(says)
