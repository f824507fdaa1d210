import { noTls, resizeCluster } from '../topology/presets.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import type { Depth, Scenario } from './scenario.ts'

/** How a further scenario differs from the one that it repeats. */
export interface Variant {
  /** The end of the variant's id: `quorum-loss/leader-killed-five`. */
  readonly suffix: string
  /** The end of its id in an earlier release. */
  readonly formerSuffix?: string
  /** The end of its title: `with five members`. */
  readonly words: string
  readonly adjustSpec: (spec: ClusterSpec) => ClusterSpec
}

/** Five members of the user's kind. */
export const fiveMembers: Variant = {
  suffix: 'five',
  words: 'with five members',
  adjustSpec: (spec) => resizeCluster(spec, 5),
}

/** No TLS anywhere. */
export const withoutTls: Variant = {
  suffix: 'no-tls',
  formerSuffix: 'plain',
  words: 'without TLS',
  adjustSpec: (spec) => ({ ...spec, tls: { ...spec.tls, ...noTls } }),
}

/** Authentication on: as the user has it, else by passwords. */
export const withAuth: Variant = {
  suffix: 'auth',
  words: 'with authentication on',
  adjustSpec: (spec) => ({ ...spec, auth: spec.auth ?? { by: 'password', token: 'simple' } }),
}

/** The scenario and its variants, which run from the given depth on. */
export function inVariants(
  scenario: Scenario,
  variants: readonly Variant[],
  depth: Depth = 'full',
): Scenario[] {
  const others = variants.map(({ suffix, formerSuffix, words, adjustSpec }) => ({
    ...scenario,
    id: `${scenario.id}-${suffix}`,
    formerIds: [
      ...(formerSuffix === undefined ? [] : [`${scenario.id}-${formerSuffix}`]),
      ...(scenario.formerIds ?? []).map((id) => `${id}-${formerSuffix ?? suffix}`),
    ],
    title: `${scenario.title}, ${words}`,
    depth,
    adjustSpec: (spec: ClusterSpec) => scenario.adjustSpec?.(adjustSpec(spec)) ?? adjustSpec(spec),
  }))
  return [scenario, ...others]
}
