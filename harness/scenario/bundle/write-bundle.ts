import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { CheckInput } from '../../checkers/checker.ts'
import { InputError } from '../../core/errors.ts'
import { packTar } from '../../engine/container/tar.ts'
import { reportFiles } from '../../history/formats/robustness/write-report.ts'
import { readEvidence, type SavedEvidence } from '../../run-record/evidence/read-evidence.ts'
import { replaceJson } from '../../run-record/files.ts'
import type { ScenarioRecord } from '../../run-record/run-record.ts'
import { judgeScenario } from '../outcome/judge-scenario.ts'
import { bundleEvidence, findingOf, readMemberLogs } from './bundle-evidence.ts'
import { describeBundle } from './describe-bundle.ts'

export interface BundleOptions {
  /** Replaces keys, values and names; leaves logs out. */
  readonly privately: boolean
  /** What a reader should know of the run, such as the image. */
  readonly about: Readonly<Record<string, unknown>>
  /** A page that shows the scenario in this directory, of whose evidence this is the record. */
  readonly renderPicture: (directory: string, record: ScenarioRecord) => Promise<string>
}

/**
 * Writes one small archive of a scenario's evidence into `file`: the part that shows the violation,
 * judged again as `gauntlet check` judges it, logs around it, the history as etcd's robustness test
 * has it, a picture, and what to do with all that. What was replaced is replaced in the picture too: it
 * is made from the archive's own evidence. Throws an InputError when the archive would not show the
 * violation, as where a checker reads values that were replaced.
 */
export async function writeBundle(
  directory: string,
  file: string,
  options: BundleOptions,
): Promise<ScenarioRecord> {
  const evidence = await readEvidence(directory)
  const saved = judgeScenario(evidence)
  const finding = findingOf(saved)
  const { privately, about, renderPicture } = options
  const { files, input } = await bundleEvidence(directory, evidence, { finding, privately })
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-bundle-'))
  try {
    for (const [name, text] of files) write(join(folder, name), text)
    const record = judgeScenario(await readEvidence(folder))
    expectSame(saved, record)
    replaceJson(join(folder, 'scenario.json'), record)
    const picture = await renderPicture(folder, record)
    const name = file.replace(/^.*\//, '').replace(/\.tar\.gz$/, '')
    const entries = [
      ...[...files].map(([path, text]) => ({ path: `evidence/${path}`, text })),
      { path: 'evidence/scenario.json', text: `${JSON.stringify(record, undefined, 2)}\n` },
      { path: 'picture.html', text: picture },
      ...(privately ? [] : logExcerpts(directory, evidence, input)),
      ...reportFiles(input.history).map(({ path, text }) => ({ path: `robustness/${path}`, text })),
      ...describeBundle({ record, about, privately, isShrunk: finding !== undefined }),
    ]
    const archive = await packTar(
      entries.map(({ path, text }) => ({ path: `${name}/${path}`, content: text, mode: 0o644 })),
    )
    write(file, gzipSync(archive))
    return record
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function expectSame(saved: ScenarioRecord, bundled: ScenarioRecord): void {
  const [before, after] = [findingOf(saved), findingOf(bundled)]
  if (before?.checker === after?.checker && before?.code === after?.code) return
  throw new InputError(
    `Expected the bundle to show ${before?.checker}/${before?.code}, got ${after?.code ?? bundled.outcome}: its checker reads what was replaced`,
  )
}

const excerptMs = 10_000
const mostLines = 500

/** What members logged around the operation that shows the violation, else at the end. */
function logExcerpts(directory: string, { plan }: SavedEvidence, { history }: CheckInput) {
  const lastNs = history.events.at(-1)?.timeNs ?? 0
  const atMs = Date.parse(plan.startedAt) + lastNs / 1e6
  return readMemberLogs(directory).map(([member, lines]) => {
    const near = lines.filter((line) => {
      const loggedMs = Date.parse(/"ts":"([^"]+)"/.exec(line)?.[1] ?? '')
      return Math.abs(loggedMs - atMs) <= excerptMs
    })
    const text = (near.length === 0 ? lines : near).slice(-mostLines).join('\n')
    return { path: `logs/${member}.log`, text: `${text}\n` }
  })
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
