import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compressedName } from '../../history/files/text.ts'

/** What Jepsen leaves of a history that we read, the most exact first. */
const histories = ['history.edn', 'history.json', 'history.txt', 'jepsen.log'].flatMap((name) => [
  name,
  compressedName(name),
])

/** Which of our own files say that a directory is ours. */
const ours = ['run.json', 'scenario.json', 'plan.json', 'history.jsonl']

export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Reading it says what is wrong.
    return false
  }
}

/** The history in a directory of Jepsen's store; undefined for any other path. */
export function findStoredHistory(path: string): string | undefined {
  if (!isDirectory(path) || ours.some((name) => existsSync(join(path, name)))) return undefined
  return histories.map((name) => join(path, name)).find((file) => existsSync(file))
}
