import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { renderFinding } from '../../../reports/finding.ts'
import { judgeHistory } from '../../checkers/judge/judge-history.ts'
import { unpackTar } from '../../engine/container/tar.ts'
import { readRobustnessReport } from '../../history/formats/robustness/read-report.ts'
import { checkScenarioDirectory } from '../check/check-saved.ts'
import { writeViolation } from '../testing/write-violation.ts'
import { findingOf } from './bundle-evidence.ts'
import { writeBundle } from './write-bundle.ts'

const broken = join(
  import.meta.dirname,
  '../../../fixtures/runs/one-of-each/scenarios/saved/broken',
)
const about = { etcd: '3.5.16', seed: 1 }
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gauntlet-bundle-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function unpacked(privately: boolean, directory = broken) {
  const file = join(folder, 'finding.tar.gz')
  const options = { privately, about, renderPicture: renderFinding }
  const record = await writeBundle(directory, file, options)
  const files = await unpackTar(Readable.from(gunzipSync(readFileSync(file))))
  for (const { path, content } of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return { file, record, paths: files.map(({ path }) => path) }
}

test('an unpacked bundle is judged as its scenario was, and is much smaller', async () => {
  const { file, paths } = await unpacked(false)
  const before = await checkScenarioDirectory(broken)
  const after = await checkScenarioDirectory(join(folder, 'finding/evidence'))
  expect(after).toMatchObject({ scenario: 'saved/broken', outcome: 'broken', differences: [] })
  const [was, is] = [before, after].map((checked) => findingOf(checked))
  expect([is?.checker, is?.code]).toEqual([was?.checker, was?.code])
  expect(paths).toContain('finding/README.md')
  expect(paths.some((path) => path.startsWith('finding/logs/'))).toBe(true)
  const lines = (path: string) => readFileSync(path, 'utf8').split('\n').length
  expect(lines(join(folder, 'finding/evidence/history.jsonl'))).toBeLessThan(
    lines(join(broken, 'history.jsonl')),
  )
  const { history } = await readRobustnessReport(join(folder, 'finding/robustness'))
  expect(judgeHistory(history).verdict).toBe('invalid')
  expect(statSync(file).size).toBeLessThan(100_000)
})

test('a redacted bundle has the same verdict and none of the keys and values', async () => {
  const { record, paths } = await unpacked(true)
  const history = readFileSync(join(broken, 'history.jsonl'), 'utf8')
  const [, key = ''] = /"key":"([^"]{2,})"/.exec(history) ?? []
  expect(key).not.toBe('')
  for (const path of paths) {
    if (path.includes('/evidence/') && path.endsWith('.jsonl')) {
      expect(readFileSync(join(folder, path), 'utf8')).not.toContain(`"${key}"`)
    }
  }
  expect(paths.some((path) => path.includes('/logs/'))).toBe(false)
  expect(findingOf(record)?.verdict).toBe('invalid')
})

test('a bundle of a wrong header has the headers that show it', async () => {
  const copy = join(folder, 'copy')
  cpSync(join(broken, '../inconclusive'), copy, { recursive: true })
  const plan = JSON.parse(readFileSync(join(copy, 'plan.json'), 'utf8'))
  writeFileSync(join(copy, 'plan.json'), JSON.stringify({ ...plan, checkers: ['headers'] }))
  const from = { type: 'answer', member: 'm1', method: 'KV.Range', memberId: '1', raftTerm: 2 }
  const lines = [
    { format: 'gauntlet-headers/1' },
    { ...from, clusterId: '7', sentNs: 1, timeNs: 2 },
    { ...from, clusterId: '8', sentNs: 3, timeNs: 4 },
  ]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  writeFileSync(join(copy, 'headers.jsonl'), text)
  await unpacked(false, copy)
  const { verdicts } = await checkScenarioDirectory(join(folder, 'finding/evidence'))
  expect(verdicts).toMatchObject([{ checker: 'headers', code: 'other-cluster' }])
})

test.each(['durability', 'lease', 'lock'] as const)(
  'a bundle has the picture of a %s violation, and its README names it',
  async (kind) => {
    const directory = join(folder, 'broken')
    await writeViolation(directory, { kind })
    await unpacked(false, directory)
    const picture = readFileSync(join(folder, 'finding/picture.html'), 'utf8')
    expect(picture).toContain(`Picture of the violation found by ${kind}`)
    expect(picture).toContain('account/42')
    expect(picture).toContain('Lines of history.jsonl')
    if (kind === 'durability') expect(picture).toContain('Lines of final-state.json')
    expect(picture).not.toMatch(/<script>[^<]|https?:/)
    expect(readFileSync(join(folder, 'finding/README.md'), 'utf8')).toContain('`picture.html`')
    const checked = await checkScenarioDirectory(join(folder, 'finding/evidence'))
    expect(checked).toMatchObject({ outcome: 'broken', differences: [] })
    expect(checked.verdicts[0]?.evidence).toHaveProperty('violationsFound')
  },
)

test.each(['durability', 'lease'] as const)(
  'the picture in a redacted bundle of a %s violation has no key, value or member of the user',
  async (kind) => {
    const directory = join(folder, 'broken')
    const members = ['db-prod-1', 'db-prod-2', 'db-prod-3']
    const texts = { key: 'tenant/acme', value: 'secret-', members }
    await writeViolation(directory, { kind, ...texts })
    const { record } = await unpacked(true, directory)
    const picture = readFileSync(join(folder, 'finding/picture.html'), 'utf8')
    expect(picture).not.toMatch(/tenant|acme|secret|db-prod/)
    expect(picture).toContain(`Picture of the violation found by ${kind}`)
    expect(JSON.stringify(record)).not.toMatch(/tenant|acme|secret|db-prod/)
  },
)
