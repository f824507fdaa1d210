import { join } from 'node:path'
import { compressedName } from '../../history/files/text.ts'

/** What lies in a scenario's directory, whole paths. docs/HISTORY.md says what each file holds. */
export interface EvidencePaths {
  readonly path: string
  /** What the conductor decided before anything started. */
  readonly plan: string
  readonly history: string
  readonly watches: string
  readonly leases: string
  /** Who answered, by the headers of all answers. */
  readonly headers: string
  /** What the members' write-ahead logs held when the members had stopped. */
  readonly wal: string
  readonly metrics: string
  /** A folder with one log a member. */
  readonly members: string
  /** What every member held at the end. */
  readonly finalState: string
  /** What only the conductor observed. */
  readonly observations: string
  /** Of a chaos that came out broken: the smallest schedule that still failed. */
  readonly shrinking: string
  /** The verdict on all the others. */
  readonly record: string
}

/** A window of a long run has these files too, below its scenario's: `windows/0001/`. */
export function evidencePaths(path: string): EvidencePaths {
  return {
    path,
    plan: join(path, 'plan.json'),
    history: join(path, 'history.jsonl'),
    watches: join(path, 'watch.jsonl'),
    leases: join(path, 'leases.jsonl'),
    headers: join(path, 'headers.jsonl'),
    wal: join(path, 'wal.jsonl'),
    metrics: join(path, 'metrics.jsonl'),
    members: join(path, 'members'),
    finalState: join(path, 'final-state.json'),
    observations: join(path, 'observations.json'),
    shrinking: join(path, 'shrinking.json'),
    record: join(path, 'scenario.json'),
  }
}

/** The same with the streams compressed. Readers take either form. */
export function compressedPaths(paths: EvidencePaths): EvidencePaths {
  const { history, watches, leases, headers, metrics } = paths
  return {
    ...paths,
    history: compressedName(history),
    watches: compressedName(watches),
    leases: compressedName(leases),
    headers: compressedName(headers),
    metrics: compressedName(metrics),
  }
}
