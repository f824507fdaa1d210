import { InputError } from '../../core/errors.ts'
import type { Fault } from '../fault.ts'
import { recreateFault } from '../recreate-fault.ts'
import { probeFsync } from './probe-fsync.ts'

/** The least that an fsync of etcd's write-ahead log writes. */
const pageBytes = 4_096

export interface SlowDiskOptions {
  readonly writeOpsPerS?: number
  readonly writeBytesPerS?: number
}

/**
 * Limits the target's writes to the disk that backs its data, by the engine: its fsyncs wait for
 * real. The engine sets that at a container's creation, so the member restarts, and again at undo.
 */
export function slowDisk({ writeOpsPerS, writeBytesPerS }: SlowDiskOptions): Fault {
  if (writeOpsPerS === undefined && writeBytesPerS === undefined) {
    throw new InputError('Expected `writeOpsPerS` or `writeBytesPerS`, got neither')
  }
  const disk = {
    ...(writeOpsPerS !== undefined && { writeOpsPerS }),
    ...(writeBytesPerS !== undefined && { writeBytesPerS }),
  }
  const limits = [
    ...(writeOpsPerS === undefined ? [] : [`${writeOpsPerS} writes/s`]),
    ...(writeBytesPerS === undefined ? [] : [`${writeBytesPerS} bytes/s`]),
  ]
  const leastMs = Math.max(
    writeOpsPerS === undefined ? 0 : 1_000 / writeOpsPerS,
    writeBytesPerS === undefined ? 0 : (1_000 * pageBytes) / writeBytesPerS,
  )
  return recreateFault({
    name: 'slow-disk',
    effect: 'degrades',
    isGradual: true,
    probe: probeFsync(leastMs / 2),
    description: `limits the member's disk to ${limits.join(' and ')}, from a restart on`,
    needs: { capabilities: ['disk-limits'], volume: 'disk', fsync: true },
    change: () => ({ resources: { disk } }),
  })
}
