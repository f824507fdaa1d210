import { statfs } from 'node:fs/promises'
import { hourMs } from '../../core/durations.ts'
import { EnvironmentError } from '../../core/errors.ts'

/** What a machine has left for a run. */
export interface Room {
  readonly diskBytes: number
  readonly memoryBytes: number
}

/**
 * A bound, not an estimate: three to five members left 160 MB an hour. The members themselves, their
 * images and the present window need the rest.
 */
const diskBytesPerHour = 1e9
const diskBytesAtOnce = 3e9
/** The run, the judging beside it and five members: it does not grow with the length. */
const memoryBytes = 2.5e9

/**
 * Why this machine cannot hold so many hours of chaos, as one line; undefined when it can. The need
 * for memory is the same for any length, that for disk grows with it.
 */
export function findLack(durationMs: number, room: Room): string | undefined {
  const hours = durationMs / hourMs
  const disk = diskBytesAtOnce + hours * diskBytesPerHour
  const run = `${Math.round(hours * 10) / 10} h of chaos`
  if (room.diskBytes < disk) {
    const expected = `${gigabytes(disk)} of free disk for ${run} (1 GB an hour)`
    return `Expected ${expected}, got ${gigabytes(room.diskBytes)}`
  }
  if (room.memoryBytes < memoryBytes) {
    return `Expected ${gigabytes(memoryBytes)} of free memory for ${run}, got ${gigabytes(room.memoryBytes)}`
  }
  return undefined
}

/**
 * Throws an EnvironmentError with the numbers when the disk of this existing directory, or the memory,
 * cannot hold the run.
 */
export async function expectRoom(durationMs: number, directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  const room = { diskBytes: bavail * bsize, memoryBytes: process.availableMemory() }
  const lack = findLack(durationMs, room)
  if (lack !== undefined) throw new EnvironmentError(lack, { ...room, durationMs, directory })
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
