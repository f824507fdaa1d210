import { InputError } from '../../core/errors.ts'
import { bare, type JepsenOperation } from './jepsen-operations.ts'

/** What Jepsen's workloads do beside registers and sets, by a word that only they have as `f`. */
const others: Readonly<Record<string, string>> = {
  transfer: 'bank',
  enqueue: 'queue',
  dequeue: 'queue',
  drain: 'queue',
  send: 'Kafka-like log',
  poll: 'Kafka-like log',
  generate: 'unique-ids',
  watch: 'watch',
  'final-watch': 'watch',
  insert: 'insert-only',
}

const register: ReadonlySet<string> = new Set(['read', 'write', 'cas'])
const kv: ReadonlySet<string> = new Set(['get', 'put', 'append'])
const set: ReadonlySet<string> = new Set(['add', 'read'])
const mutex: ReadonlySet<string> = new Set(['acquire', 'release'])

/**
 * Which of our models judges these operations, by `f` and the shape of the values. Throws an
 * InputError of one line that names the workload when none does.
 */
export function modelOf(
  operations: readonly JepsenOperation[],
  file: string,
): 'cas-register' | 'kv' | 'set' | 'mutex' {
  const fs = new Set(operations.map(({ f }) => f))
  const all = [...fs]
  if (all.length === 0) throw notJudged(file, 'a history without operations of clients')
  if (fs.has('txn')) throw notJudged(file, ...transactionsOf(operations))
  const known = all.map((f) => others[f]).find((name) => name !== undefined)
  if (known !== undefined) throw notJudged(file, `a ${known} history`, known)
  if (all.every((f) => register.has(f))) return 'cas-register'
  if (all.every((f) => kv.has(f))) return 'kv'
  if (all.every((f) => mutex.has(f))) {
    if (operations.every(({ value }) => value === undefined || value === null)) return 'mutex'
    throw notJudged(file, 'a history of locks with owners, counts or fences', 'these')
  }
  if (all.every((f) => set.has(f))) {
    if (operations.every(isSetRead)) return 'set'
    throw notJudged(file, 'a counter history', 'counters')
  }
  throw notJudged(file, `a history with \`f\` ${all.slice(0, 8).join(', ')}`)
}

function notJudged(file: string, what: string, name?: string): InputError {
  const judged =
    'gauntlet check judges registers, key-value stores, sets, mutexes and etcd histories'
  const not = name === undefined ? '' : `; it does not judge ${name}`
  return new InputError(`${file}: ${what}: ${judged}${not}`, { file })
}

function transactionsOf(operations: readonly JepsenOperation[]): [what: string, name: string] {
  const steps = new Set(operations.flatMap(({ value }) => stepsOf(value)))
  const name = ['append', 'w', 'write'].find((step) => steps.has(step))
  if (name === 'write') return ['a multi-register history (Knossos)', 'multi-register']
  if (name === undefined) return ['a history of transactions', 'transactions']
  const workload = name === 'append' ? 'list-append' : 'rw-register'
  return [`a ${workload} history (Elle)`, workload]
}

/** The names of a transaction's steps: `[["append", 5, 1], ["r", 6, null]]`. */
function stepsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((step) =>
    Array.isArray(step) && typeof step[0] === 'string' ? [bare(step[0])] : [],
  )
}

/** Reads of a counter answer a number. */
function isSetRead({ type, f, value }: JepsenOperation): boolean {
  return type !== 'ok' || f !== 'read' || typeof value !== 'number'
}
