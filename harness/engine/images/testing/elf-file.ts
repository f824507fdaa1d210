/** The numbers of machines and of the program header that names a loader, from the ELF specification. */
const machines = { amd64: 62, arm64: 183, riscv: 243 } as const
const load = 1
const interpreter = 3

/** A file with the head of a program for Linux, and no more of one. */
export function elfFile(
  machine: keyof typeof machines,
  { needsLoader = false }: { readonly needsLoader?: boolean } = {},
): Buffer {
  const types = needsLoader ? [interpreter, load] : [load]
  const bytes = Buffer.alloc(64 + 56 * types.length)
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(bytes)
  bytes.writeUInt16LE(2, 16)
  bytes.writeUInt16LE(machines[machine], 18)
  bytes.writeBigUInt64LE(64n, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(types.length, 56)
  for (const [index, type] of types.entries()) bytes.writeUInt32LE(type, 64 + 56 * index)
  return bytes
}
