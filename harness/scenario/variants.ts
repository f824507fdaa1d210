import { plainTls } from '../topology/presets.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { Depth, Scenario } from './scenario.ts'

export interface Variant {
  /** Ends the scenario's id: `quorum-loss/leader-killed-five`. */
  readonly suffix: string
  /** Ends its title: `with five members`. */
  readonly words: string
  readonly shape: (spec: ClusterSpec) => ClusterSpec
}

/** Five members of the user's kind. */
export const five: Variant = {
  suffix: 'five',
  words: 'with five members',
  shape: (spec) => ({
    ...spec,
    members: Array.from({ length: 5 }, (_, index) => ({
      name: `m${index + 1}`,
      architecture: spec.members[0]?.architecture ?? 'amd64',
    })),
  }),
}

/** No TLS anywhere. */
export const plain: Variant = {
  suffix: 'plain',
  words: 'without TLS',
  shape: (spec) => ({ ...spec, tls: { ...spec.tls, ...plainTls } }),
}

/** The scenario, and the same in other shapes at the given depth. */
export function inVariants(
  scenario: Scenario,
  variants: readonly Variant[],
  depth: Depth = 'full',
): Scenario[] {
  const others = variants.map(({ suffix, words, shape }) => ({
    ...scenario,
    id: `${scenario.id}-${suffix}`,
    title: `${scenario.title}, ${words}`,
    depth,
    shape: (spec: ClusterSpec) => scenario.shape?.(shape(spec)) ?? shape(spec),
  }))
  return [scenario, ...others]
}
