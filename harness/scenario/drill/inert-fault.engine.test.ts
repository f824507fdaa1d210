import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scenariosOf, suiteNames } from '../../cli/run/suites.ts'
import { silentLog, stderrLog } from '../../core/log.ts'
import type { Fault } from '../../faults/fault.ts'
import * as faults from '../../faults/index.ts'
import { parseHistory } from '../../history/codec.ts'
import { faultWindows } from '../../history/fault-windows.ts'
import type { FaultEvent } from '../../history/operations.ts'
import * as workloads from '../../workload/presets.ts'
import { runStandalone } from '../run-standalone.ts'
import type { Scenario } from '../scenario.ts'
import { chooseScenarios } from '../testing/choose-scenarios.ts'
import { inert, withInertFaults } from '../testing/inert-faults.ts'

test('a scenario holds with its faults in force, and has their proofs in its history', async () => {
  const { outcome, reason, events } = await run((fault) => fault)
  expect(outcome, reason).toBe('held')
  const ends = events.filter(({ phase }) => phase === 'end')
  expect(ends).toMatchObject([
    { name: 'isolate', effect: 'cuts', proof: { observed: true } },
    { name: 'kill', effect: 'stops', proof: { observed: true } },
  ])
  expect(faultWindows(events).every(({ endNs }) => endNs < Infinity)).toBe(true)
})

test('the same scenario with faults that do nothing is inconclusive, and names each', async () => {
  const { outcome, reason } = await run(inert)
  expect(outcome).toBe('inconclusive')
  expect(reason).toContain('the fault isolate had no effect on ')
  expect(reason).toContain('the fault kill had no effect on ')
  expect(reason).toMatch(/expected the process to be gone, observed process of m\d: running/)
})

const withFaults = (await Promise.all(suiteNames().map(scenariosOf)))
  .flat()
  .filter(({ faults: declared }) => declared.length > 0)

test.each(chooseScenarios(withFaults, 'inert-faults'))(
  '%s does not hold with faults that do nothing',
  async (_, scenario) => {
    const options = { log: stderrLog(), timeScale }
    const { record, directory } = await runStandalone(withInertFaults(scenario), options)
    expect(record.outcome, `${record.reason}; evidence in ${directory}`).not.toBe('held')
    await rm(directory, { recursive: true, force: true })
  },
)

/** Deadlines are met within a fraction of them, or not at all. */
const timeScale = 0.35

async function run(sabotage: (fault: Fault) => Fault) {
  const { record, directory } = await runStandalone(scenarioWith(sabotage), { log: silentLog })
  try {
    const file = join(directory, record.directory, 'history.jsonl')
    const { events } = parseHistory(await readFile(file, 'utf8'))
    const { outcome, reason } = record
    return { outcome, reason, events: events.filter(isFaultEvent) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

function scenarioWith(sabotage: (fault: Fault) => Fault): Scenario {
  return {
    id: 'faults/inert',
    title: 'The cluster recovers from an isolated and a killed follower',
    depth: 'quick',
    workload: workloads.steady,
    faults: [faults.isolate, faults.kill],
    act: async ({ cluster, inject, hold, untilSteady }) => {
      for (const fault of [faults.isolate, faults.kill]) {
        const [follower] = await cluster.followers()
        if (follower === undefined) throw new RangeError('Expected a follower, got none')
        const injected = await inject(sabotage(fault), [follower])
        await hold(1_000)
        await injected.undo()
        await untilSteady('after')
      }
    },
  }
}

function isFaultEvent(event: { readonly type: string }): event is FaultEvent {
  return event.type === 'fault'
}
