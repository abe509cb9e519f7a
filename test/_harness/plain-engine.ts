import { setFlagsFromString } from 'node:v8'

/**
 * Preloaded into the tests and the programs that they start: the embedded engine is compiled once, simply. V8 would compile what is used much
 * of it a second time, better, on the cores that the other tests need; a test ends before that pays. It takes a third off opening a store.
 * `--liftoff-only` on the command line means these three; set later, it does not bring the others along.
 */
for (const flag of ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag)
