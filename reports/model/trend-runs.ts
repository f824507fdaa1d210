import type { RunRecord } from '../../harness/run-record/run-record.ts'

/** A saved run on the page of all runs. */
export interface TrendRun {
  /** The run directory's name, which links lead to. */
  readonly folder: string
  readonly record: RunRecord
  /** Of the scenarios that measured one; null when none did. */
  readonly medianWriteOutageMs: number | null
  /** Scenarios whose writes were out when they ended: the median counts what was seen of them. */
  readonly unrecovered: number
}

/** All saved runs of one directory. */
export interface Trend {
  /** Newest first. */
  readonly runs: readonly TrendRun[]
  /** Folders whose record cannot be read, with the reason; the page lists them. */
  readonly unreadable: readonly { readonly folder: string; readonly reason: string }[]
}
