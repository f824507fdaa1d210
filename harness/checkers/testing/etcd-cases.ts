import type { Verdict } from '../checker.ts'
import type { CheckerCase } from './checker-case.ts'
import { checkSimulatedFile } from './etcd-history-file.ts'

const heapMiB = 1_536
const many = 1_000_000
const few = many / 10
const atMostMs = 30_000
const atMostTimes = 14

/**
 * `gauntlet check` on files of etcd histories, start and parsing included, in a heap of 1.5 GiB:
 * 50 keys, 32 processes, 1 % unknown outcomes, a quarter of the answers to puts and deletes show what
 * they replaced. The last case says how the time grows.
 */
export function etcdCases(): CheckerCase[] {
  const took = new Map<number, number>()
  const caseOf = (operations: number): CheckerCase => ({
    name: `etcd, 50 keys, 32 processes, 1 % unknown, ${operations} operations from a file`,
    expected: 'valid',
    /** The simulation and the writing of the file are counted too, but not limited. */
    atMostMs: Infinity,
    judge: () => {
      const { verdict, ms } = checkFile(operations)
      took.set(operations, ms)
      return ms <= atMostMs ? verdict : { ...verdict, verdict: 'unknown' }
    },
  })
  const growth: CheckerCase = {
    name: `etcd, ${many} operations in at most ${atMostTimes} times the time of ${few}`,
    expected: 'valid',
    atMostMs: Infinity,
    judge: () => {
      const times = (took.get(many) ?? Infinity) / (took.get(few) ?? 1)
      console.log(`     ${took.get(few)} ms and ${took.get(many)} ms: ${times.toFixed(1)} times`)
      return {
        checker: 'growth',
        verdict: times <= atMostTimes ? 'valid' : 'invalid',
        factsJudged: 1,
      }
    },
  }
  return [caseOf(few), caseOf(many), growth]
}

function checkFile(operations: number): { verdict: Verdict; ms: number } {
  const shares = { unknownShare: 0.01, prevShare: 0.25 }
  const simulation = { seed: 1, operations, keys: 50, processes: 32, ...shares }
  const { verdict, ms, peakBytes } = checkSimulatedFile(simulation, heapMiB)
  const peak = `${Math.round(peakBytes / 2 ** 20)} MiB`
  console.log(`     ${operations} operations: ${verdict.verdict} in ${ms} ms, at most ${peak}`)
  return { verdict, ms }
}
