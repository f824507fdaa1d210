import { InputError } from '../../../core/errors.ts'
import { bare, type JepsenMap } from './maps.ts'
import type { JepsenOperation } from './operations.ts'
import { isPair } from './pair.ts'

/** What Jepsen's workloads do beside registers and sets, by a word that only they have as `f`. */
const others: ReadonlyMap<string, string> = new Map([
  ['transfer', 'bank'],
  ['enqueue', 'queue'],
  ['dequeue', 'queue'],
  ['drain', 'queue'],
  ['push', 'stack'],
  ['pop', 'stack'],
  ['send', 'Kafka-like log'],
  ['poll', 'Kafka-like log'],
  ['generate', 'unique-ids'],
  ['watch', 'watch'],
  ['final-watch', 'watch'],
  ['insert', 'insert-only'],
  ['broadcast', 'broadcast'],
  ['echo', 'echo'],
  ['increment', 'counter'],
  ['inc', 'counter'],
  ['incr', 'counter'],
  ['decrement', 'counter'],
])

const register: ReadonlySet<string> = new Set(['read', 'write', 'cas'])
const kv: ReadonlySet<string> = new Set(['get', 'put', 'append'])
const set: ReadonlySet<string> = new Set(['add', 'read'])
const mutex: ReadonlySet<string> = new Set(['acquire', 'release'])

/**
 * Which of our models judges these operations, by `f` and the shape of the values; `values` is a
 * key-value store of values that are no texts, so that each key is a register. Throws an
 * InputError of one line that names the workload when none does.
 */
export function modelOf(
  operations: readonly JepsenOperation[],
  file: string,
): 'cas-register' | 'kv' | 'values' | 'set' | 'mutex' {
  const fs = new Set(operations.map(({ f }) => f))
  const all = [...fs]
  if (all.length === 0) throw notJudged(file, 'a history without operations of clients')
  const known = all.map((f) => others.get(f)).find((name) => name !== undefined)
  if (known !== undefined) throw notJudged(file, `a ${known} history`, known)
  if (all.every((f) => register.has(f))) return 'cas-register'
  if (all.every((f) => kv.has(f))) {
    return fs.has('append') || operations.every(isText) ? 'kv' : 'values'
  }
  if (all.every((f) => mutex.has(f))) {
    if (operations.every(({ value }) => value === undefined)) return 'mutex'
    throw notJudged(file, 'a history of locks with owners, counts or fences', 'these')
  }
  if (all.every((f) => set.has(f))) {
    if (isCounter(operations)) throw notJudged(file, 'a counter history', 'counters')
    return 'set'
  }
  throw notJudged(
    file,
    `a history with \`f\` ${all
      .slice(0, 8)
      .map((f) => f.slice(0, 40))
      .join(', ')}`,
  )
}

function notJudged(file: string, what: string, name?: string): InputError {
  const judged =
    'gauntlet check judges registers, key-value stores, sets, mutexes and etcd histories'
  const not = name === undefined ? '' : `; it does not judge ${name}`
  return new InputError(`${file}: ${what}: ${judged}${not}`, { file })
}

/** Throws for maps that are no operations: Jepsen writes its verdict, too, as maps. */
export function refuseNoOperations(maps: readonly JepsenMap[], file: string): void {
  if (maps.length === 0 || maps.some(({ fields }) => fields.type !== undefined)) return
  const isResult = maps.some(({ fields }) => fields.valid !== undefined)
  const found = isResult
    ? "Jepsen's results.edn: give history.edn or history.txt of the same folder"
    : 'maps without'
  throw new InputError(`${file}: Expected operations with :type, got ${found}`, { file })
}

/**
 * Throws for histories of transactions, before anything else of their maps is looked at: Elle asks
 * for neither `process` nor `f`.
 */
export function refuseTransactions(maps: readonly JepsenMap[], file: string): void {
  const steps = new Set(maps.flatMap(({ fields }) => stepsOf(fields.value)))
  const isTransactions = maps.some(({ fields }) => fields.f === ':txn' || fields.f === 'txn')
  const workload = elle.find(([step]) => steps.has(step))?.[1]
  if (workload !== undefined) throw notJudged(file, `a ${workload} history (Elle)`, workload)
  if (isTransactions && steps.has('write')) {
    throw notJudged(file, 'a multi-register history (Knossos)', 'multi-register')
  }
  if (isTransactions) throw notJudged(file, 'a history of transactions', 'transactions')
}

/** By a step that only this workload has. */
const elle = [
  ['append', 'list-append'],
  ['w', 'rw-register'],
] as const

/** The names of a transaction's steps: `[["append", 5, 1], ["r", 6, null]]`. */
function stepsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((step) =>
    Array.isArray(step) && step.length === 3 && typeof step[0] === 'string' ? [bare(step[0])] : [],
  )
}

/** What a key-value store of texts holds; the value of what failed or is unknown may be a note. */
function isText({ type, value }: JepsenOperation): boolean {
  const isNote = type === 'fail' || type === 'info'
  return isNote || value === undefined || typeof value === 'string'
}

/** Reads of a counter answer a number; of independent counters `[key, number]`, asked with `[key, nil]`. */
function isCounter(operations: readonly JepsenOperation[]): boolean {
  const reads = operations.filter(({ f }) => f === 'read')
  const asked = reads.filter(({ type }) => type === 'invoke')
  const isKeyed = asked.length > 0 && asked.every(({ value }) => isPair(value) && value[1] === null)
  return reads.some(({ type, value }) => {
    const answer = isKeyed && isPair(value) ? value[1] : value
    return type === 'ok' && typeof answer === 'number'
  })
}
