import { existsSync, mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { InputError } from '../../core/errors.ts'
import { expectRoom } from '../../scenario/windows/room.ts'
import { isLong } from '../../scenario/windows/window-lengths.ts'
import type { RunOptions } from '../options/run.ts'
import { countChaos, type Selection } from '../run/suites.ts'

/**
 * The directory itself or, where it does not exist yet, the nearest one above it that does. Throws an
 * InputError when nothing can be written there, and leaves nothing behind.
 */
export function expectWritable(out: string): string {
  const existing = nearestExisting(resolve(out))
  try {
    rmdirSync(mkdtempSync(join(existing, '.gauntlet-')))
    return existing
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    const why = code === 'ENOTDIR' ? 'is no directory' : `cannot be written (${code})`
    throw new InputError(
      `Expected \`--out\` to be a directory to write into, got \`${out}\`: ${existing} ${why}`,
      { option: '--out' },
      cause,
    )
  }
}

/** Nothing starts when the disk or the memory cannot hold every chaos for as long as it is to last. */
export async function expectRoomFor(
  selection: Selection,
  { out, duration = 0, depth }: RunOptions,
): Promise<void> {
  const chaos = await countChaos(selection, depth)
  if (chaos === 0 || !isLong(duration)) return
  const directory = resolve(out)
  mkdirSync(directory, { recursive: true })
  await expectRoom(chaos * duration, directory)
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path))
}
