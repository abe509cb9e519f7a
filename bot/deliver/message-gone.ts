/** A surface's word that the message to edit is no longer there (somebody deleted it): it is posted anew. */
export class MessageGoneError extends Error {
  override readonly name = 'MessageGoneError'
}
