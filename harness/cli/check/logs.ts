import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { leaseChecker } from '../../checkers/lease.ts'
import { watchChecker } from '../../checkers/watch.ts'
import { InputError } from '../../core/errors.ts'
import { readHistoryFile } from '../../history/codec.ts'
import { readLeaseLog } from '../../history/logs/lease.ts'
import { readWatchLog } from '../../history/logs/watch.ts'
import { placeInOwn } from './history.ts'
import type { CheckInputFile } from './input-file.ts'

/** What watchers received, compared with the history beside it where there is one. */
export async function readWatches(file: string): Promise<CheckInputFile> {
  const { warnings, ...watches } = await readWatchLog(file)
  const beside = await readBeside(file)
  const alone = `${file}: no history.jsonl beside it: not compared with what clients wrote`
  const header = { format: 'gauntlet-history/1', model: 'etcd', foreignWrites: true } as const
  const history = beside?.history ?? { header, events: [] }
  return {
    history,
    warnings: beside === undefined ? [...warnings, alone] : [...warnings, ...beside.warnings],
    placeOf: beside?.placeOf ?? placeInOwn,
    judge: () => watchChecker.check({ history, watches }),
  }
}

/** Lease requests, judged by the history beside them. */
export async function readLeases(file: string): Promise<CheckInputFile> {
  const { warnings, ...leases } = await readLeaseLog(file)
  const beside = await readBeside(file)
  if (beside === undefined) {
    const why = 'leases are judged by reads of their keys'
    throw new InputError(`${file}: Expected history.jsonl beside it, got none: ${why}`, { file })
  }
  const { history, placeOf } = beside
  return {
    history,
    warnings: [...warnings, ...beside.warnings],
    placeOf,
    judge: () => leaseChecker.check({ history, leases }),
  }
}

/** The etcd history in the same folder, as a scenario's directory has it. */
async function readBeside(file: string) {
  const path = join(dirname(file), 'history.jsonl')
  if (!existsSync(path)) return undefined
  const { warnings, ...history } = await readHistoryFile(path)
  const { model } = history.header
  if (model !== 'etcd') {
    throw new InputError(
      `${path}: Expected a history of the model etcd beside ${file}, got ${model}`,
    )
  }
  const placeOf = (event: number) => ({ file: path, ...placeInOwn(event) })
  return { history, warnings, placeOf }
}
