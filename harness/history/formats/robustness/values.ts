import type { ReportKeyValue, ReportValue } from './schema.ts'

const shortestHashed = 20
const prime = 0x01000193
const offset = 0x811c9dc5

/** FNV-1a of 32 bits, as the report has it in place of longer values. */
function hashOf(text: string): number {
  let hash = offset
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, prime)
  return hash >>> 0
}

/** One text for each value, whether the report has it whole or hashed. */
export function textOfValue({ Value = '', Hash = 0 }: ReportValue = {}): string {
  if (Hash !== 0) return `hash:${Hash}`
  return Buffer.byteLength(Value) < shortestHashed ? Value : `hash:${hashOf(Value)}`
}

/** `[key, value, modRevision, version]`, as a range of ours lists it. */
export function listedAs({ Key, Value, ModRevision = 0, Version = 0 }: ReportKeyValue) {
  return [Key, textOfValue(Value), ModRevision, Version] as const
}

/** An id of a lease; '' for none. */
export function leaseText(id: number | string | undefined): string {
  return id === undefined || Number(id) === 0 ? '' : String(id)
}
