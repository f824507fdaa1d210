import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../core/errors.ts'

/** Logs of members' removed containers: logs outlive containers. */
export interface LogKeeper {
  /** Adds what a container wrote in all its life. */
  keep(member: string, text: string): void
  kept(member: string): string
  /**
   * Writes `<member>.log` for every member ever kept, and for those that `whole` reads: all they
   * wrote, what was kept included.
   */
  save(directory: string, whole?: ReadonlyMap<string, () => Promise<string>>): Promise<void>
}

export function createLogKeeper(): LogKeeper {
  const former = new Map<string, string>()
  const kept = (member: string) => former.get(member) ?? ''
  return {
    keep: (member, text) => {
      former.set(member, kept(member) + text)
    },
    kept,
    save: async (directory, whole = new Map()) => {
      await mkdir(directory, { recursive: true })
      const names = new Set([...former.keys(), ...whole.keys()])
      await Promise.all(
        [...names].map(async (name) => {
          const read = whole.get(name) ?? (async () => kept(name))
          const text = await read().catch((thrown) => kept(name) + unreadable(thrown))
          await writeFile(join(directory, `${name}.log`), text)
        }),
      )
    },
  }
}

/** Stands in for an unreadable log: an empty file would claim that nothing was written. */
function unreadable(thrown: unknown): string {
  return `gauntlet: the log could not be read: ${messageOf(thrown)}\n`
}
