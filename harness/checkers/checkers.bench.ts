import type { CheckerCase } from './testing/checker-case.ts'
import { etcdCases } from './testing/etcd-cases.ts'
import { etcdHardCases } from './testing/etcd-hard-cases.ts'
import { registerCases } from './testing/register-cases.ts'

/**
 * How long the checkers take. Exit 1 when a verdict is wrong or a time is over its limit.
 * Run by `npm run bench:checkers`; histories are simulated, from fixed seeds.
 */
const cases: readonly CheckerCase[] = [...registerCases(), ...etcdHardCases(), ...etcdCases()]
const misses = cases.filter((each) => !measure(each))
console.log(`${cases.length - misses.length} of ${cases.length} within their limits`)
process.exitCode = misses.length === 0 ? 0 : 1

function measure({ name, expected, atMostMs, judge }: CheckerCase): boolean {
  const startedMs = performance.now()
  const { verdict, operations = 0 } = judge()
  const ms = performance.now() - startedMs
  const isGood = verdict === expected && ms <= atMostMs
  const figures = `${ms.toFixed(0).padStart(6)} ms  ${String(operations).padStart(8)} operations`
  console.log(`${isGood ? 'ok  ' : 'MISS'} ${figures}  ${verdict.padEnd(8)} ${name}`)
  return isGood
}
