import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'

const compressedSuffix = '.gz'
const pieceBytes = 2 ** 20

export const compressedName = (path: string): string => path + compressedSuffix

export const isCompressed = (path: string): boolean => path.endsWith(compressedSuffix)

/** Whether reading ended with this because the compressed bytes are not what was written. */
export const isDamage = (thrown: unknown): boolean =>
  String((thrown as NodeJS.ErrnoException).code).startsWith('Z_')

/**
 * The bytes of a text file, decompressed where its name ends with `.gz`. A compressed file that was
 * cut is read up to its cut; one that is damaged ends with an error.
 */
export function openText(file: string): Readable {
  const bytes = createReadStream(file, { highWaterMark: pieceBytes })
  if (!isCompressed(file)) return bytes
  // Its reader receives the error; the callback is there because pipeline wants one.
  return pipeline(
    bytes,
    createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: pieceBytes }),
    () => {},
  )
}
