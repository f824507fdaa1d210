import { closeSync, openSync, readSync } from 'node:fs'
import type { Architecture } from '../../../topology/spec.ts'

/** What the head of a program's file says, without running it. */
export interface ElfHeader {
  /** Undefined for any other machine than these two. */
  readonly architecture: Architecture | undefined
  /** It names a loader: it starts only where that and its libraries are. */
  readonly needsLoader: boolean
}

/** As the ELF specification numbers machines and program headers. */
const machines: Readonly<Record<number, Architecture>> = { 62: 'amd64', 183: 'arm64' }
const interpreterHeader = 3

const headerBytes = 64

/** Undefined for a file that is no 64-bit little-endian ELF program. Throws where it cannot be read. */
export function readElfHeader(file: string): ElfHeader | undefined {
  const descriptor = openSync(file, 'r')
  try {
    const read = (length: number, position: number) => {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position))
    }
    return parse(read(headerBytes, 0), read)
  } finally {
    closeSync(descriptor)
  }
}

const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1])

function parse(
  header: Buffer,
  read: (length: number, position: number) => Buffer,
): ElfHeader | undefined {
  if (header.length < headerBytes || !header.subarray(0, magic.length).equals(magic)) {
    return undefined
  }
  const size = header.readUInt16LE(54)
  const count = header.readUInt16LE(56)
  const table = read(size * count, Number(header.readBigUInt64LE(32)))
  if (table.length < size * count) return undefined
  const types = Array.from({ length: count }, (_, index) => table.readUInt32LE(index * size))
  return {
    architecture: machines[header.readUInt16LE(18)],
    needsLoader: types.includes(interpreterHeader),
  }
}
