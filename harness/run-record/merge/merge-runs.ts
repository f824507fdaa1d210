import { isDeepStrictEqual } from 'node:util'
import { InputError } from '../../core/errors.ts'
import type { RunRecord, ScenarioRecord } from '../run-record.ts'

/** What shards of one run have in common. */
const common = ['seed', 'etcd', 'spec'] as const

/** Whether two records are of one cluster and one seed, so that they may be parts of one run. */
export function isSameRun(one: RunRecord, other: RunRecord): boolean {
  return common.every((field) => isDeepStrictEqual(one[field], other[field]))
}

/**
 * The record that one run of all their scenarios would have left: of each scenario the result, from
 * the one that has it. Head and machine are the first one's. Throws an InputError for records of
 * different clusters or seeds, and for a scenario that two of them ran.
 */
export function mergeRuns(runs: readonly RunRecord[]): RunRecord {
  const [first, ...others] = runs
  if (first === undefined) throw new InputError('Expected runs to merge, got none')
  for (const other of others) expectSame(first, other)
  const ended = runs.flatMap(({ endedAt }) => endedAt ?? [])
  const errors = runs.flatMap(({ id, errors = [] }) => errors.map((error) => `${id}: ${error}`))
  const { endedAt: _, errors: __, planned: ___, ...head } = first
  return {
    ...head,
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? first.startedAt,
    scenarios: mergeScenarios(runs),
    planned: mergePlanned(runs),
    ...(ended.length === runs.length && { endedAt: ended.sort().at(-1) ?? '' }),
    ...(errors.length > 0 && { errors }),
  }
}

function expectSame(first: RunRecord, other: RunRecord): void {
  const field = common.find((name) => !isDeepStrictEqual(first[name], other[name]))
  if (field === undefined) return
  throw new InputError(
    `Expected runs of the same ${field} to merge, got another one in ${other.id} than in ${first.id}`,
    { field, run: other.id },
  )
}

/** A scenario that one of the runs does not skip is not skipped. */
function mergePlanned(runs: readonly RunRecord[]): NonNullable<RunRecord['planned']> {
  const all = runs.flatMap(({ planned = [] }) => planned)
  return [...Map.groupBy(all, ({ id }) => id).values()].flatMap((same) => {
    return same.find(({ skip }) => skip === undefined) ?? same.slice(0, 1)
  })
}

function mergeScenarios(runs: readonly RunRecord[]): ScenarioRecord[] {
  const all = runs.flatMap(({ id, scenarios }) => scenarios.map((record) => ({ run: id, record })))
  const merged = [...Map.groupBy(all, ({ record }) => record.id).values()].flatMap((same) => {
    const [ran, twice] = same.filter(({ record }) => record.outcome !== 'not-run')
    if (ran !== undefined && twice !== undefined) {
      throw new InputError(
        `Expected ${ran.record.id} to run in one of the runs, got results in ${ran.run} and ${twice.run}`,
        { scenario: ran.record.id },
      )
    }
    return ran?.record ?? preferPlanned(same.map(({ record }) => record))
  })
  return merged.sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** What a run did not reach says more than what it left to another shard. */
function preferPlanned(records: readonly ScenarioRecord[]): ScenarioRecord[] {
  const reached = records.find(({ reason }) => !reason.startsWith(otherShard))
  return [reached ?? records[0]].flatMap((record) => record ?? [])
}

/** How the reason of a scenario begins that another shard runs. */
export const otherShard = 'another shard runs it'
