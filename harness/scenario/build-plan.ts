import { cpus, release, totalmem } from 'node:os'
import type { ResolvedImage } from '../engine/images/choice.ts'
import { notCovered } from '../faults/catalogue.ts'
import type { EtcdUnderTest, Machine } from '../run-record/run-record.ts'
import { clusterSpec } from '../topology/presets.ts'
import type { RunPlan } from './plan.ts'

/** Every other part of a plan has a default, or is read from the image and the machine. */
export type PlanChoices = { readonly image: ResolvedImage } & Pick<RunPlan, Needed> &
  Partial<Omit<RunPlan, Needed | Derived>>

type Needed = 'runId' | 'directory' | 'toolboxImage'
type Derived = 'etcd' | 'machine' | 'timeScale' | 'startedAt'

/**
 * The plan of a run. What is not chosen is that of one scenario outside of any run's record: the
 * default cluster of the image's version, a CI's depth, the seed 1. Beside what the machine cannot
 * do, its capabilities have what no fault of ours covers on any machine.
 */
export function buildPlan({ image, ...chosen }: PlanChoices): RunPlan {
  const { capabilities = [] } = chosen
  return {
    seed: 1,
    depth: 'ci',
    scenarios: [],
    objectives: {},
    command: '',
    options: '',
    ...planOfImage(image),
    ...chosen,
    capabilities: [...capabilities, ...notCovered],
    machine: machineWith(capabilities),
    startedAt: new Date().toISOString(),
  }
}

/** The parts of a plan that follow from its image. */
export function planOfImage(image: ResolvedImage): Pick<RunPlan, 'spec' | 'etcd' | 'timeScale'> {
  const { version, architecture } = image
  return {
    spec: clusterSpec({ version, architecture }),
    etcd: etcdOf(image),
    timeScale: timeScaleOf(image),
  }
}

/** Emulated members reach 0.06 to 0.2 of the native put rate; elections take as long as ever. */
const emulatedTimeScale = 5

/** The factor of all deadlines and objectives. */
export function timeScaleOf({ emulated }: Pick<ResolvedImage, 'emulated'>): number {
  return emulated ? emulatedTimeScale : 1
}

export function etcdOf(image: ResolvedImage): EtcdUnderTest {
  const { version, reference, digest, architecture, emulated } = image
  return { version, image: reference, imageDigest: digest, architecture, emulated }
}

function machineWith(capabilities: RunPlan['capabilities']): Machine {
  return {
    cpus: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    engine: capabilities.find(({ name }) => name === 'engine')?.detail ?? 'unknown',
    node: process.version,
  }
}
