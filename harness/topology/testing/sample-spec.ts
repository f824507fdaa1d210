import { clusterSpec, type SpecOverrides } from '../presets.ts'
import type { ClusterSpec } from '../spec.ts'

/** A cluster for tests that start none: of the version 3.5.16 unless they say otherwise. */
export function sampleSpec(overrides: Partial<SpecOverrides> = {}): ClusterSpec {
  return clusterSpec({ version: '3.5.16', ...overrides })
}
