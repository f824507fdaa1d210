import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckInput } from '../../checkers/checker.ts'
import { readHistoryFile } from '../../history/codec.ts'
import { readLines } from '../../history/files/lines.ts'
import { readHeaderLog } from '../../history/logs/header.ts'
import type { JsonlLog } from '../../history/logs/jsonl.ts'
import { readLeaseLog } from '../../history/logs/lease.ts'
import { type MetricsEntry, readDiskMetrics } from '../../history/logs/metrics.ts'
import { readWalLog } from '../../history/logs/wal.ts'
import { readWatchLog } from '../../history/logs/watch.ts'
import { readScenarioPlan, type ScenarioPlan } from '../scenario-plan.ts'
import { cutTogether } from './cut-together.ts'
import { type Digests, digestEvidence, findEvidence, listEvidence } from './files.ts'
import { readFinalState } from './final-state.ts'
import { type Observations, readObservations } from './observations.ts'
import { type EvidencePaths, evidencePaths } from './paths.ts'
import { readShrinking, type Shrinking } from './shrinking.ts'

/** All that a scenario's verdict uses, as it lies in the scenario's directory. */
export interface SavedEvidence {
  readonly plan: ScenarioPlan
  /** Absent when the run was killed before the drill ended. */
  readonly observations?: Observations
  /** What the checkers judge; unknown outcomes are not settled yet. */
  readonly input: CheckInput
  /** Readings of the members' metrics, as far as they tell of disks. */
  readonly metrics?: readonly MetricsEntry[]
  /** Of a chaos that came out broken. */
  readonly shrinking?: Shrinking
  readonly sha256: Digests
  /** What was odd about the files; it changes nothing. */
  readonly warnings: readonly string[]
}

/**
 * Reads a scenario's directory, and nothing outside of it. Throws an InputError that names the file,
 * and the line where there is one, for what cannot be read.
 */
export async function readEvidence(directory: string): Promise<SavedEvidence> {
  const files = await listEvidence(directory)
  const paths = evidencePaths(directory)
  const plan = readScenarioPlan(paths.plan)
  const warnings: string[] = []
  const observations = await ifPresent(paths.observations, readObservations)
  const shrinking = await ifPresent(paths.shrinking, readShrinking)
  const metrics = await ifPresent(paths.metrics, readDiskMetrics)
  const read = await readInput(paths, warnings)
  const input = observations === undefined ? cutTogether(read) : read
  return {
    plan,
    ...(observations && { observations }),
    ...(shrinking && { shrinking }),
    input: { ...input, options: plan.spec.options },
    ...(metrics && { metrics }),
    sha256: await digestEvidence(directory, files),
    warnings,
  }
}

async function readInput(paths: EvidencePaths, warnings: string[]): Promise<CheckInput> {
  const { warnings: odd, ...history } = await readHistoryFile(
    (await findEvidence(paths.history)) ?? paths.history,
  )
  warnings.push(...odd)
  const final = await ifPresent(paths.finalState, readFinalState)
  const watches = await ifPresent(paths.watches, (file) => readStream(readWatchLog(file), warnings))
  const leases = await ifPresent(paths.leases, (file) => readStream(readLeaseLog(file), warnings))
  const headers = await ifPresent(paths.headers, (file) =>
    readStream(readHeaderLog(file), warnings),
  )
  const wal = await ifPresent(paths.wal, (file) => readStream(readWalLog(file), warnings))
  return {
    history,
    logs: await readLogs(paths.members),
    ...(final && { final }),
    ...(watches && { watches }),
    ...(leases && { leases }),
    ...(headers && { headers }),
    ...(wal && { wal }),
  }
}

async function ifPresent<Content>(
  file: string,
  read: (file: string) => Content | Promise<Content>,
): Promise<Content | undefined> {
  const found = await findEvidence(file)
  return found === undefined ? undefined : read(found)
}

async function readStream<Header, Entry>(
  reading: Promise<JsonlLog<Header, Entry> & { readonly warnings: readonly string[] }>,
  warnings: string[],
): Promise<JsonlLog<Header, Entry>> {
  const { header, entries, warnings: odd } = await reading
  warnings.push(...odd)
  return { header, entries }
}

/** The logs of all members, also of those that were removed. */
async function readLogs(members: string): Promise<Record<string, string[]>> {
  const logs: [string, string[]][] = []
  for (const file of (await readdir(members).catch(() => [])).sort()) {
    const [, member] = /^(.*)\.log(\.gz)?$/.exec(file) ?? []
    if (member === undefined) continue
    const lines: string[] = []
    const rest = await readLines(join(members, file), (line) => lines.push(line))
    logs.push([member, [...lines, rest].filter((line) => line !== '')])
  }
  return Object.fromEntries(logs)
}
