/** For a machine that does much else beside the tests; what holds sooner is not waited for. */
export const SOON_MS = 60_000
