/** Lets a program go on to its own end, and its own exit code, when whoever read its output has left: `… | head -2`. */
export function outliveReader(...streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}
