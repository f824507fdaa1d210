import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CheckInput, Verdict } from '../../checkers/checker.ts'
import { createRegistry, findCheckers } from '../../checkers/judge/registry.ts'
import { settleByLogs } from '../../checkers/judge/settle-by-logs.ts'
import { settleByWatches } from '../../checkers/judge/settle-by-watches.ts'
import { findEvidence } from '../../run-record/evidence/files.ts'
import { evidencePaths } from '../../run-record/evidence/paths.ts'
import type { SavedEvidence } from '../../run-record/evidence/read-evidence.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { createRedact, type Redact } from './redact.ts'
import { shrinkInput } from './shrink-input.ts'

/** Names and contents of a scenario's directory. */
export type EvidenceFiles = ReadonlyMap<string, string>

const shrinkingMs = 30_000

type Finding = ScenarioRecord['verdicts'][number]

/** The first violation that a checker found; undefined where the break is none of a checker. */
export const findingOf = ({ verdicts }: Pick<ScenarioRecord, 'verdicts'>): Finding | undefined =>
  verdicts.find(({ verdict }) => verdict === 'invalid')

/**
 * The evidence that shows a finding, made small: judged by its checker alone. Without a finding the
 * evidence as it is. `privately` replaces what comes from users.
 */
export async function bundleEvidence(
  directory: string,
  { plan, observations, input }: SavedEvidence,
  options: { readonly finding: Finding | undefined; readonly privately: boolean },
): Promise<{ readonly files: EvidenceFiles; readonly input: CheckInput }> {
  const { finding, privately } = options
  const small = finding === undefined ? input : shrinkFor(input, finding)
  const kept = await rawStreams(directory, small)
  const contents = new Map<string, unknown[]>([
    ['history.jsonl', [small.history.header, ...small.history.events]],
    ...kept,
  ])
  const members = plan.spec.members.map(({ name }) => name)
  const redact: Redact = privately
    ? createRedact([...contents.values()].flat(), members)
    : (content) => content
  const reduced =
    finding === undefined ? plan : { ...plan, checkers: [finding.checker], objectives: [] }
  const seen = observations && {
    ...observations,
    ...(finding && { failures: [] }),
    ...(privately && { marks: [] }),
  }
  const files = new Map<string, string>([
    ['plan.json', encode(redact(privately ? withoutTexts(reduced) : reduced))],
    ...(seen === undefined ? [] : [['observations.json', encode(redact(seen))] as const]),
    ...[...contents].map(([name, parts]) => {
      const redacted = parts.map((part) => redact(part))
      if (!name.endsWith('.jsonl')) return [name, redacted.map(encode).join('')] as const
      return [name, redacted.map((part) => `${JSON.stringify(part)}\n`).join('')] as const
    }),
    ...(privately ? [] : logFiles(small)),
  ])
  return { files, input: { ...small, history: redact(small.history) } }
}

/** Options may hold names of hosts, and the command repeats them. */
function withoutTexts<
  Plan extends { readonly spec: { readonly options: object }; readonly reproduce: string },
>(plan: Plan): Plan {
  const options = Object.fromEntries(
    Object.entries(plan.spec.options).map(([name, value]) => [
      name,
      /^(\d[\w.]*|true|false)$/.test(String(value)) ? value : 'redacted',
    ]),
  )
  return { ...plan, spec: { ...plan.spec, options }, reproduce: 'redacted' }
}

function shrinkFor(input: CheckInput, { checker: name, code }: Finding): CheckInput {
  const [checker] = findCheckers([name], createRegistry())
  const shows = (smaller: CheckInput): boolean => {
    const verdict: Verdict | undefined = checker?.check(settleByLogs(settleByWatches(smaller)))
    return verdict?.verdict === 'invalid' && verdict.code === code
  }
  return shows(input) ? shrinkInput(input, shows, performance.now() + shrinkingMs) : input
}

/** The other files of the evidence that are left, a part a line. */
async function rawStreams(
  directory: string,
  { watches, leases, headers, wal, final }: CheckInput,
): Promise<[string, unknown[]][]> {
  const paths = evidencePaths(directory)
  const wanted = [
    ...(watches === undefined ? [] : [paths.watches]),
    ...(leases === undefined ? [] : [paths.leases]),
    ...(headers === undefined ? [] : [paths.headers]),
    ...(wal === undefined ? [] : [paths.wal]),
    ...(final === undefined ? [] : [paths.finalState]),
  ]
  const streams = wanted.map(async (path): Promise<[string, unknown[]]> => {
    const text = readText((await findEvidence(path)) ?? path)
    const isOne = path === paths.finalState
    const parts = isOne ? [text] : text.split('\n').filter((line) => line !== '')
    return [basename(path), parts.map((part) => JSON.parse(part) as unknown)]
  })
  return Promise.all(streams)
}

/** Only those that the verdict needs; excerpts for people lie beside the evidence. */
function logFiles({ logs }: CheckInput): [string, string][] {
  if (logs === undefined) return []
  return Object.entries(logs).map(([member, lines]) => [
    `members/${member}.log`,
    `${lines.join('\n')}\n`,
  ])
}

/** Each member's log, line by line, from the files themselves. */
export function readMemberLogs(directory: string): [member: string, lines: string[]][] {
  const { members } = evidencePaths(directory)
  return readdirSync(members)
    .filter((name) => /\.log(\.gz)?$/.test(name))
    .map((name) => [name.replace(/\.log(\.gz)?$/, ''), readText(join(members, name)).split('\n')])
}

function readText(file: string): string {
  const bytes = readFileSync(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

const encode = (content: unknown): string => `${JSON.stringify(content, undefined, 2)}\n`
