import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { simulateEtcd } from '../../checkers/testing/etcd-simulator.ts'
import { reportClients } from '../../history/formats/robustness/write-report.ts'
import { reportWatch, writeReport } from '../../history/formats/testing/write-report.ts'
import { operations } from '../../history/join.ts'
import { checkFile } from './file.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gauntlet-report-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

/** Requests of a kind that the test sends, one process a client. */
const simulated = simulateEtcd({
  seed: 1,
  operations: 400,
  keys: 4,
  processes: 6,
  unknownShare: 0.02,
  leases: 3,
  metadataShare: 1,
  mix: { put: 40, 'lease-put': 10, revoke: 2, delete: 5, range: 20 },
})

test('a report is judged with the operations of all its clients', async () => {
  writeReport(directory, reportClients(simulated))
  const found = await checkFile(directory, { timeoutS: 10 })
  const answered = operations(simulated).filter(({ outcome }) => outcome !== 'fail').length
  expect(found).toMatchObject({ file: directory, verdict: 'valid', operations: answered })
})

test('the verdict names the file of the client, the line and the element', async () => {
  const clients = reportClients(simulated)
  writeReport(directory, clients)
  const file = join(directory, 'client-3', 'operations.json')
  const text = readFileSync(file, 'utf8')
  const at = text.lastIndexOf('"Version": 1')
  writeFileSync(file, `${text.slice(0, at)}"Version": 9${text.slice(at + 12)}`)
  const { verdict, culprit, code } = await checkFile(directory, { timeoutS: 10 })
  expect({ verdict, code }).toEqual({ verdict: 'invalid', code: 'wrong-answer' })
  const line = text.slice(0, at).split('\n').length
  const begins = text.slice(0, at).lastIndexOf('\n{\n')
  expect(culprit?.file).toBe(file)
  expect(culprit?.line).toBeLessThanOrEqual(line)
  expect(culprit?.line).toBe(text.slice(0, begins).split('\n').length + 1)
})

test('a watch of the report that misses an event is not reliable', async () => {
  const events = [2, 3, 4].map((modRevision) => {
    const isCreate = modRevision === 2
    return { type: 'put' as const, key: 'k', value: `v${modRevision}`, modRevision, isCreate }
  })
  const operations = events.map(({ key, value, modRevision }, at) => {
    const Put = { Key: key, Value: { Value: value } }
    const Txn = { OperationsOnSuccess: [{ Type: 'put-operation', Put }] }
    const Output = { Txn: { Results: [{}] }, Revision: modRevision }
    return { ClientId: 1, Input: { Type: 'txn', Txn }, Call: 2 * at, Output, Return: 2 * at + 1 }
  })
  writeReport(directory, [{ operations }, { watches: [reportWatch(events)] }])
  expect((await checkFile(directory, { timeoutS: 10 })).verdict).toBe('valid')
  writeReport(directory, [{ operations }, { watches: [reportWatch(events.toSpliced(1, 1))] }])
  expect(await checkFile(directory, { timeoutS: 10 })).toMatchObject({
    verdict: 'invalid',
    code: 'event-missing',
  })
})

test('--format overrides what a directory shows', async () => {
  const found = await checkFile(directory, { timeoutS: 10, format: 'etcd-robustness' })
  expect(found).toMatchObject({
    verdict: 'unreadable',
    reason: `${directory}: Expected a directory with folders client-1, client-2, …, got none`,
  })
})
