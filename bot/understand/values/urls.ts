const LINK = /^<?(?:[a-z][a-z0-9+.-]{1,20}:\/\/|mailto:|www\.)\S/i
const BARE = /^(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,12}\/\S/i

/** True for a pasted link, bare or as `<https://…|label>`. What stands in it is data. */
export const isLink = (word: string): boolean => LINK.test(word) || BARE.test(word)
