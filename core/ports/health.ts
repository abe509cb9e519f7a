/** How a part of the program is. */
export interface Health {
  readonly ok: boolean
  /** One sentence, the same whether well or not: `answers in 3 ms`, `does not answer: connection refused`. */
  readonly says: string
}
