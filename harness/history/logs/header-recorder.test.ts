import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readHeaderLog } from './header.ts'
import { type ObserveRequest, openHeaderRecorder } from './header-recorder.ts'

const honest = { clusterId: '7', memberId: '11', raftTerm: 2 }
const request = { member: 'm1', method: 'KV.Range' }

/** What the file holds when `act` has sent requests at times that it sets. */
async function record(act: (observe: ObserveRequest, at: (ns: number) => void) => void) {
  const directory = await mkdtemp(join(tmpdir(), 'headers-'))
  let nowNs = 0
  const path = join(directory, 'headers.jsonl')
  try {
    const recorder = openHeaderRecorder({ path, clock: { nowNs: () => nowNs } })
    act(recorder.observe, (ns) => {
      nowNs = ns
    })
    await recorder[Symbol.asyncDispose]()
    const { entries } = await readHeaderLog(path)
    return entries.map(({ sentNs, timeNs, raftTerm }) => [sentNs, timeNs, raftTerm])
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('equal headers are written once a second', async () => {
  const lines = await record((observe, at) => {
    for (const ns of [1, 2, 5e8, 1e9 + 1, 1e9 + 2]) {
      at(ns)
      observe(request)(honest)
    }
  })
  expect(lines).toEqual([
    [1, 1, 2],
    [1e9 + 1, 1e9 + 1, 2],
  ])
})

test('a header that falls back is written again when its request came after the later one', async () => {
  const lines = await record((observe, at) => {
    at(1)
    const overtaken = observe(request)
    at(2)
    observe(request)({ ...honest, raftTerm: 3 })
    at(3)
    overtaken(honest)
    at(4)
    observe(request)(honest)
    observe(request)(honest)
  })
  expect(lines).toEqual([
    [2, 2, 3],
    [1, 3, 2],
    [4, 4, 2],
  ])
})
