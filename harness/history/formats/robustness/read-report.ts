import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../../core/errors.ts'
import type { WatchEntry, WatchLog } from '../../logs/watch.ts'
import type { History } from '../../operations.ts'
import { buildHistory, type PlacedEvent } from '../conversion.ts'
import type { FilePlace } from '../format.ts'
import { type ClientFile, readClientFile } from './client-file.ts'
import { clientName } from './is-report.ts'
import { convertOperation } from './operations.ts'
import {
  type ReportOperation,
  type ReportWatch,
  reportOperations,
  reportWatches,
} from './schema.ts'
import { keysNamedIn } from './transaction-steps.ts'
import { convertWatch } from './watches.ts'

/** What the clients of a robustness test of etcd did and saw, in our words. */
export interface RobustnessReport {
  readonly history: History
  readonly watches: WatchLog
  readonly warnings: readonly string[]
  placeOf(event: number): FilePlace & { readonly file: string }
}

/**
 * Reads the report that etcd's robustness test leaves: `client-N/operations.json` and
 * `client-N/watch.json` of every client. Throws an InputError that names the file, and the line of
 * what it does not allow; a link is refused, for it may lead outside.
 */
export async function readRobustnessReport(directory: string): Promise<RobustnessReport> {
  const clients = await listClients(directory)
  const operationFiles: ClientFile<ReportOperation>[] = []
  const entries: WatchEntry[] = []
  let stream = 0
  for (const client of clients) {
    const operations = join(directory, client, 'operations.json')
    if (await isFile(operations))
      operationFiles.push(await readClientFile(operations, reportOperations))
    const watches = join(directory, client, 'watch.json')
    if (!(await isFile(watches))) continue
    const { elements } = await readClientFile<ReportWatch>(watches, reportWatches)
    for (const watch of elements) {
      for (const entry of convertWatch(watch, { stream, client })) entries.push(entry)
      stream++
    }
  }
  const header = { format: 'gauntlet-watch/2', fromEmpty: true } as const
  return { ...historyOf(directory, operationFiles), watches: { header, entries } }
}

async function listClients(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => [])
  const clients = entries.filter(({ name }) => clientName.test(name))
  const other = clients.find((entry) => !entry.isDirectory())
  if (other !== undefined) {
    const path = join(directory, other.name)
    throw new InputError(`${path}: Expected a folder, got a file, a link or a device`, {
      file: path,
    })
  }
  const names = clients.map(({ name }) => name)
  if (names.length === 0) {
    const problem = 'Expected a directory with folders client-1, client-2, …, got none'
    throw new InputError(`${directory}: ${problem}`, { file: directory })
  }
  return names.sort((one, other) => Number(one.slice(7)) - Number(other.slice(7)))
}

async function isFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined || found.isFile()) return found !== undefined
  throw new InputError(`${path}: Expected a file, got a link or a device`, { file: path })
}

interface Moment {
  readonly atNs: number
  readonly isCall: boolean
  readonly event: PlacedEvent['event']
  readonly file: number
  readonly index: number
}

/** All operations of all clients by time, calls before returns of the same time. */
function historyOf(directory: string, files: readonly ClientFile<ReportOperation>[]) {
  const moments: Moment[] = []
  const keys = keysNamedIn(files.flatMap(({ elements }) => elements))
  for (const [file, { elements }] of files.entries()) {
    for (const [index, operation] of elements.entries()) {
      addMoments(moments, { operation, keys }, file, index)
    }
  }
  moments.sort((one, other) => one.atNs - other.atNs || Number(other.isCall) - Number(one.isCall))
  const pathOf = (at: number) => files[moments[at]?.file ?? -1]?.path ?? directory
  const placed = moments.map(({ event }, at) => ({ event, place: { line: at } }))
  const placeOf = (at: number) => {
    const { file, index } = moments[at] as Moment
    return { file: pathOf(at), line: files[file]?.lineOf(index) ?? 1, index }
  }
  const { history, warnings } = buildHistory('etcd', placed, {
    refuse: ({ line: at }, problem) => {
      const { file, line, index } = placeOf(at)
      throw new InputError(`${file}:${line}: element ${index}: ${problem}`, { file, line })
    },
  })
  const header = { ...history.header, initial: { revision: 1 } }
  return { history: { header, events: history.events }, warnings, placeOf }
}

function addMoments(
  moments: Moment[],
  { operation, keys }: { readonly operation: ReportOperation; readonly keys: readonly string[] },
  file: number,
  index: number,
): void {
  const converted = convertOperation(operation, keys)
  if (converted === undefined) return
  const { ClientId: process, Call, Return } = operation
  const { invocation, completion } = converted
  const { f } = invocation
  const place = { file, index }
  const invoke = { ...invocation, type: 'invoke' as const, process, f, timeNs: Call }
  const answer = { ...completion, process, f, timeNs: Return }
  moments.push({ atNs: Call, isCall: true, event: invoke, ...place })
  moments.push({ atNs: Return, isCall: false, event: answer, ...place })
}
