import { mkdirSync } from 'node:fs'
import { startClock } from '../../../core/clock.ts'
import type { InitialStore } from '../../../history/initial-store.ts'
import { openWatchRecorder } from '../../../history/logs/watch-recorder.ts'
import { openRecorder } from '../../../history/recorder.ts'
import { readFinalState } from '../../../run-record/evidence/final-state.ts'
import { compressedPaths, evidencePaths } from '../../../run-record/evidence/paths.ts'
import { replaceJson } from '../../../run-record/files.ts'
import { readScenarioPlan } from '../../../run-record/scenario-plan.ts'

// A child process: records a window that goes on from another one, as the conductor does, until it
// is killed. Arguments: the directories of the window before and of its own.
const [before = '', own = ''] = process.argv.slice(2)
const paths = compressedPaths(evidencePaths(own))
const { members } = readFinalState(evidencePaths(before).finalState)
const { revision: start = 0, keys: kvs = {} } = members[0] ?? {}
const store: InitialStore = { revision: start, kvs, continues: true }

mkdirSync(paths.members, { recursive: true })
replaceJson(paths.plan, readScenarioPlan(evidencePaths(before).plan))
const clock = startClock()
const header = { model: 'etcd', initial: store } as const
const recorder = await openRecorder({ path: paths.history, header, clock, forgets: true })
const watches = openWatchRecorder({ path: paths.watches, header: { fromEmpty: false }, clock })
watches.note({ type: 'open', stream: 0, member: 'm1', startRevision: start + 1 })

let revision = start
let last:
  | { value: string; modRevision: number; createRevision: number; version: number }
  | undefined
const putOnce = () => {
  const value = `killed-${revision}`
  const process = recorder.freshProcess()
  recorder.invoke(process, { f: 'put', key: 'killed', value, member: 'm1' })
  revision++
  const createRevision = last?.createRevision ?? revision
  const next = { value, modRevision: revision, createRevision, version: (last?.version ?? 0) + 1 }
  const prev = last && { prev: last }
  const event = { type: 'put', key: 'killed', ...next, ...prev } as const
  watches.note({ type: 'events', stream: 0, revision, events: [event] })
  recorder.complete(process, { type: 'ok', revision })
  last = next
}
setInterval(() => {
  for (let count = 0; count < 5; count++) putOnce()
  process.send?.(revision - start)
}, 5)
