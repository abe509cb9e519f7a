import { useEffect, useReducer } from 'preact/hooks'

/** A value that components watch. `set` takes the next value or a function of the last. */
export interface Store<State> {
  get(): State
  set(next: Partial<State> | ((state: State) => Partial<State>)): void
  subscribe(fn: () => void): () => void
}

export function createStore<State extends object>(initial: State): Store<State> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set(next) {
      state = { ...state, ...(typeof next === 'function' ? next(state) : next) }
      for (const listener of [...listeners]) listener()
    },
    subscribe(fn) {
      listeners.add(fn)
      return () => listeners.delete(fn)
    },
  }
}

/** Draws again when what `select` picks is another value than the last time drawn. */
export function useStore<State extends object, Part>(store: Store<State>, select: (state: State) => Part): Part {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const part = select(store.get())
  useEffect(() => {
    let drawn = part
    const look = () => {
      const now = select(store.get())
      if (Object.is(now, drawn)) return
      drawn = now
      redraw(undefined)
    }
    look() // it may have moved between drawing and now
    return store.subscribe(look)
  })
  return part
}
