import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../core/errors.ts'

/** Ids have two parts; more leaves room, and every path stays short enough to be read. */
const mostLevels = 8

/**
 * The folders below `scenarios/` that hold a file, relative to the run's directory and sorted: each
 * is a scenario's, and what lies below one belongs to it. Throws an InputError for folders that are
 * nested deeper than any id.
 */
export async function listScenarioFolders(directory: string): Promise<string[]> {
  const found: string[] = []
  const visit = async (folder: string, level: number): Promise<void> => {
    expectLevels(join(directory, folder), level)
    const entries = await readdir(join(directory, folder), { withFileTypes: true })
    if (entries.some((entry) => !entry.isDirectory())) {
      found.push(folder)
      return
    }
    for (const { name } of entries) await visit(`${folder}/${name}`, level + 1)
  }
  const root = await readdir(directory, { withFileTypes: true })
  const hasFolder = root.some((entry) => entry.name === 'scenarios' && entry.isDirectory())
  if (hasFolder) await visit('scenarios', 0)
  return found.sort()
}

/** Throws an InputError for a folder below too many others. */
export function expectLevels(folder: string, level: number): void {
  if (level <= mostLevels) return
  throw new InputError(`Expected at most ${mostLevels} levels of folders, got one at ${folder}`, {
    folder,
  })
}
