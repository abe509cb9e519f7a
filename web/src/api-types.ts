import type { Card, JsonObject } from './card-types.ts'

/** What bot/web answers; one name per answer. Times are ISO 8601 in UTC. */
export interface PersonView {
  readonly id: string
  readonly name: string
  readonly timezone: string
  /** `operator in staging, dev`: ready to be read. */
  readonly roles: readonly string[]
}

export interface SessionView {
  readonly person: PersonView | null
  /** Whether the person switcher may be used here; if not, `says` tells why. */
  /** Where people sign in; `says` tells what the last try came to. */
  readonly login?: { readonly says?: string }
  readonly switcher: { readonly allowed: boolean; readonly says: string }
}

export interface ThreadView {
  readonly key: string
  readonly surface: string
  readonly title: string
  readonly openedBy: string | null
  readonly updatedAt: string
  /** Operations in it that have not ended. */
  readonly open: number
}

export interface MessageItem {
  readonly type: 'message'
  readonly key: string
  readonly requestId: string | null
  readonly person: { readonly id: string; readonly name: string }
  readonly text: string
  readonly at: string
}

export interface CardItem {
  readonly type: 'card'
  readonly deliveryId: string
  readonly threadKey: string
  readonly revision: number
  readonly card: Card
  readonly requestId: string | null
  readonly operationId: string | null
  /** Shown to this reader only. */
  readonly personal: boolean
  readonly final: boolean
  readonly at: string
  readonly updatedAt: string
}

/** A card by itself, and the surface it was shown on. Those of chat services come without buttons. */
export interface LoneCardView {
  readonly surface: string
  readonly item: CardItem
}

export type Item = MessageItem | CardItem

export interface OperationView {
  readonly id: string
  readonly state: string
  readonly stateWords: string
  readonly summary: string
  readonly requestedBy: string
  readonly requestedAt: string
  readonly threadKey: string | null
  readonly deliveryId: string | null
}

export interface OverviewView {
  readonly halted: { readonly by: string; readonly since: string; readonly reason: string | null } | null
  readonly waiting: readonly OperationView[]
  readonly running: readonly OperationView[]
}

export interface GuideView {
  readonly skills: readonly {
    readonly name: string
    readonly summary: string
    readonly usage: string
    readonly examples: readonly string[]
  }[]
  readonly services: readonly string[]
  readonly environments: readonly string[]
}

export interface ClickRequest {
  readonly verb: string
  readonly payload: JsonObject
  readonly reason?: string
  readonly planHash?: string
  readonly key: string
}

export interface ClickReply {
  readonly ok: boolean
  readonly says: string
}
