import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { messageOf } from '../../core/errors.ts'

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
  /**
   * Writes what they wrote since the last cut, as `<member>.log.gz`, and forgets it: a long run has a
   * part of each log in each of its windows.
   */
  cut(directory: string, whole: ReadonlyMap<string, () => Promise<string>>): Promise<void>
}

export function createLogKeeper(): LogKeeper {
  const former = new Map<string, string>()
  /** How much of what is kept, and of the present container's log behind it, was cut off. */
  const cutChars = new Map<string, number>()
  const kept = (member: string) => former.get(member) ?? ''
  const readAll = (whole: ReadonlyMap<string, () => Promise<string>>) => {
    const names = new Set([...former.keys(), ...whole.keys()])
    return Promise.all(
      [...names].map(async (name) => {
        const read = whole.get(name) ?? (async () => kept(name))
        let problem = ''
        const text = await read().catch((thrown) => {
          problem = unreadable(thrown)
          return kept(name)
        })
        return { name, text, problem }
      }),
    )
  }
  return {
    keep: (member, text) => {
      former.set(member, kept(member) + text)
    },
    kept,
    save: async (directory, whole = new Map()) => {
      await mkdir(directory, { recursive: true })
      for (const { name, text, problem } of await readAll(whole)) {
        await writeFile(join(directory, `${name}.log`), text + problem)
      }
    },
    cut: async (directory, whole) => {
      await mkdir(directory, { recursive: true })
      for (const { name, text, problem } of await readAll(whole)) {
        const part = text.slice(cutChars.get(name) ?? 0) + problem
        if (problem === '') {
          cutChars.set(name, text.length - kept(name).length)
          former.set(name, '')
        }
        await writeFile(join(directory, `${name}.log.gz`), await compress(part))
      }
    },
  }
}

const compress = promisify(gzip)

/** Stands in for an unreadable log: an empty file would claim that nothing was written. */
function unreadable(thrown: unknown): string {
  return `gauntlet: the log could not be read: ${messageOf(thrown)}\n`
}
