import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRandom, randomSeed } from '../core/random.ts'
import { labelsOf, ownerLabel, runLabel } from '../engine/cleanup/labels.ts'
import { sweep } from '../engine/cleanup/sweep.ts'
import { connectEngine, type Engine } from '../engine/connect.ts'
import { createNetwork } from '../engine/network/bridge.ts'
import { clusterPlan, foundOf, toolboxImage } from './testing/setup.ts'

const seed = Number(process.env.GAUNTLET_SEED ?? randomSeed())
const moments = 8
const longestMs = 2_400

let engine: Engine
let bystander: Bystander

beforeAll(async () => {
  engine = await connectEngine()
  bystander = await startBystander({})
})
afterAll(() => bystander?.remove())

/** One moment in each slice of the start, so that every phase of it is interrupted. */
test(`leftovers of a run killed during its start are swept, and nothing else (seed ${seed})`, async () => {
  const random = createRandom(seed)
  const before = await bystander.seen()
  let removed = 0
  for (let moment = 0; moment < moments; moment++) {
    const afterMs = Math.round(((moment + random.float()) / moments) * longestMs)
    const { runId } = clusterPlan()
    await killAfter(startRun(runId), afterMs)
    const swept = await sweep(engine, { runId })
    removed += swept.containers + swept.networks + swept.volumes
    expect(await foundOf(engine, runId), `killed after ${afterMs} ms`).toEqual([])
    await delay(500)
    expect(await foundOf(engine, runId), `later; killed after ${afterMs} ms`).toEqual([])
  }
  expect(removed).toBeGreaterThan(10)
  expect(await bystander.seen()).toEqual(before)
})

test('a run that was killed with its cluster up is swept with its sidecar', async () => {
  const { runId } = clusterPlan()
  const child = startRun(runId)
  await printed(child, 'up')
  expect(await foundOf(engine, runId)).toHaveLength(8)
  await killAfter(child, 0)
  await sweep(engine, { runId })
  expect(await foundOf(engine, runId)).toEqual([])
})

test('a sweep without force leaves alone what a live process owns and what is kept on purpose', async () => {
  const { runId } = clusterPlan()
  const live = await startBystander(labelsOf({ runId }, 'member'))
  const kept = await startBystander(ofDeadProcess(labelsOf({ runId, keep: true }, 'member')))
  await using network = await createNetwork(engine, { runId, name: 'neighbour' })
  const before = [await live.seen(), await kept.seen(), await foundOf(engine, runId)]
  expect(await sweep(engine, { runId })).toEqual(none)
  expect([await live.seen(), await kept.seen(), await foundOf(engine, runId)]).toEqual(before)

  const swept = await sweep(engine, { runId, force: true })
  expect(swept).toMatchObject({ containers: 2, networks: 1 })
  expect(await foundOf(engine, runId)).toEqual([])
  expect(network.name).toContain('neighbour')
})

test('a container with a label like ours and no owner is never touched, forced or not', async () => {
  const { runId } = clusterPlan()
  const foreign = await startBystander({ [runLabel]: runId })
  try {
    expect(await sweep(engine, { runId, force: true })).toEqual(none)
    expect(await foundOf(engine, runId)).toHaveLength(1)
  } finally {
    await foreign.remove()
  }
})

/** The owner's last part is when its process started: another one had the same id then. */
function ofDeadProcess(labels: Readonly<Record<string, string>>): Record<string, string> {
  const owner = labels[ownerLabel]?.replace(/[^/]+$/, '1') ?? ''
  return { ...labels, [ownerLabel]: owner }
}

const none = { containers: 0, networks: 0, volumes: 0, images: 0 }

interface Bystander {
  seen(): Promise<unknown>
  remove(): Promise<void>
}

/** A container that is not a run's; the test removes it by its id. */
async function startBystander(labels: Readonly<Record<string, string>>): Promise<Bystander> {
  const container = await engine.docker.createContainer({
    Image: toolboxImage,
    Entrypoint: ['sleep'],
    Cmd: ['infinity'],
    Labels: labels,
    HostConfig: { NetworkMode: 'none' },
  })
  await container.start()
  return {
    seen: async () => {
      const { Id, State, RestartCount } = await container.inspect()
      return { Id, State, RestartCount }
    },
    remove: async () => {
      await container.remove({ force: true })
    },
  }
}

function startRun(runId: string): ChildProcess {
  const script = join(import.meta.dirname, 'testing/start-and-stay.ts')
  return spawn(process.execPath, [script, runId], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function killAfter(child: ChildProcess, ms: number): Promise<void> {
  if (ms > 0) {
    await printed(child, 'starting')
    await delay(ms)
  }
  const hasEnded = child.exitCode !== null || child.signalCode !== null
  const exit = hasEnded ? undefined : once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  expect(child.signalCode, 'what ended the run').toBe('SIGKILL')
}

/** Reads on afterwards: a run whose output is not read would exit for that reason. */
function printed(child: ChildProcess, word: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
    if (text.includes(word)) resolve()
  })
  child.once('exit', () => reject(new Error(`Expected "${word}" of the run, got "${text}"`)))
  return promise
}
