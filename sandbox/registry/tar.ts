const blockBytes = 512

/** A POSIX (ustar) archive with one file, owner root, time 0: the same content always has the same bytes. */
export function writeTar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(blockBytes)
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`
  header.write(name, 0)
  header.write(octal(0o644, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(content.length, 12), 124)
  header.write(octal(0, 12), 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const checksum = header.reduce((sum, byte) => sum + byte, 0)
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148)
  const padded = Buffer.alloc(Math.ceil(content.length / blockBytes) * blockBytes)
  content.copy(padded)
  return Buffer.concat([header, padded, Buffer.alloc(2 * blockBytes)])
}
