import type {
  ClickReply,
  GuideView,
  Item,
  LoneCardView,
  OverviewView,
  PersonView,
  SessionView,
  ThreadView,
} from '../api-types.ts'
import { createStore } from '../store.ts'

/** A message the server has not shown back yet. It stays here, and in the browser's memory, until it is seen in its thread. */
export interface Pending {
  readonly key: string
  readonly threadKey: string
  readonly personId: string
  readonly text: string
  readonly at: string
  readonly state: 'sending' | 'sent' | 'failed'
  readonly says?: string
}

interface LoadedThread {
  readonly items: readonly Item[]
  /** Older items that were not loaded. */
  readonly more: boolean
}

/** The answer to this reader's last click on a card, shown under it. */
export interface CardReply extends ClickReply {
  readonly revision: number
}

export interface PageState {
  readonly session: SessionView | undefined
  readonly people: readonly PersonView[]
  readonly threads: readonly ThreadView[]
  /** Key of the thread on screen; undefined = a new one. */
  readonly open: string | undefined
  readonly loaded: Readonly<Record<string, LoadedThread>>
  /** A card by itself on screen, in the place of a thread; `shown` when it is here, `says` why it is not. */
  readonly lone: { readonly id: string; readonly shown?: LoneCardView; readonly says?: string } | undefined
  readonly pending: readonly Pending[]
  readonly overview: OverviewView
  readonly guide: GuideView
  /** `resting`: there is none, and none is needed. */
  readonly connection: 'connecting' | 'live' | 'lost' | 'resting'
  /** Cards with a click under way, by delivery id. */
  readonly clicking: Readonly<Record<string, string>>
  readonly replies: Readonly<Record<string, CardReply>>
  /** Thread key → the newest `updatedAt` this person saw. */
  readonly seen: Readonly<Record<string, string>>
  /** Something the whole page must say. */
  readonly problem: string | undefined
  /** On phones the list of threads is a drawer. */
  readonly drawer: boolean
}

export const page = createStore<PageState>({
  session: undefined,
  people: [],
  threads: [],
  open: undefined,
  loaded: {},
  lone: undefined,
  pending: [],
  overview: { halted: null, waiting: [], running: [] },
  guide: { skills: [], services: [], environments: [] },
  connection: 'connecting',
  clicking: {},
  replies: {},
  seen: {},
  problem: undefined,
  drawer: false,
})
