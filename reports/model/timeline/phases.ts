import type { Operation } from '../../../harness/history/operations.ts'
import { type ClassLabel, classLabelOf, classLabels } from '../operation-class.ts'
import type { FaultSpan } from './fault-spans.ts'
import { latencyMsOf } from './points.ts'
import type { TimeAxis } from './time-axis.ts'

export interface PhaseLatencies {
  readonly phase: 'before' | 'during' | 'after'
  readonly of: ClassLabel
  readonly operations: number
  readonly ok: number
  readonly fail: number
  readonly info: number
  /** Of those that succeeded; null when none did. */
  readonly medianMs: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
}

/** The chart as a table: before the first fault, until the last one ended, and after. */
export function phasesOf(
  operations: readonly Operation[],
  windows: readonly FaultSpan[],
  axis: TimeAxis,
): PhaseLatencies[] {
  const fromS = Math.min(...windows.map((window) => window.fromS), axis.lengthS)
  const toS = Math.max(...windows.map((window) => window.toS), 0)
  const phaseOf = (operation: Operation): PhaseLatencies['phase'] => {
    const at = axis.seconds(operation.invoke.timeNs)
    return at < fromS ? 'before' : at <= toS ? 'during' : 'after'
  }
  const groups = Map.groupBy(
    operations,
    (operation) => `${phaseOf(operation)}/${classLabelOf(operation)}`,
  )
  return (['before', 'during', 'after'] as const).flatMap((phase) =>
    classLabels.flatMap((of) => {
      const group = groups.get(`${phase}/${of}`)
      return group === undefined ? [] : [rowOf(phase, of, group, axis)]
    }),
  )
}

function rowOf(
  phase: PhaseLatencies['phase'],
  of: ClassLabel,
  group: readonly Operation[],
  axis: TimeAxis,
): PhaseLatencies {
  const count = (outcome: string) => group.filter((entry) => entry.outcome === outcome).length
  const latencies = group
    .filter(({ outcome }) => outcome === 'ok')
    .map((operation) => latencyMsOf(operation, axis))
    .sort((one, other) => one - other)
  const at = (share: number) => latencies[Math.ceil(latencies.length * share) - 1] ?? null
  return {
    phase,
    of,
    operations: group.length,
    ok: count('ok'),
    fail: count('fail'),
    info: count('info'),
    medianMs: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  }
}
