import type { MemberSettings } from '../../cluster/member/settings.ts'
import type { Random } from '../../core/random.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import { type ChaosPlan, type ChaosStep, type ChaosVersions, ways } from './plan.ts'

/** A way that the cluster can go: a member alone cannot be two versions. */
export function drawVersions(
  random: Random,
  to: ChaosVersions['to'],
  members: number,
): ChaosVersions {
  const way = members < 3 ? 'upgraded' : random.pick(ways)
  const names = random.shuffle(Array.from({ length: members }, (_, index) => `m${index + 1}`))
  const from = way === 'mixed' ? names.slice(0, random.int(1, members - 1)).sort() : []
  return { way, to, from }
}

/** The schedule with its change of versions, early enough that a short run reaches it. */
export function withChangeOfVersions(
  random: Random,
  steps: readonly ChaosStep[],
  { members, versions }: { readonly members: number; readonly versions: ChaosVersions },
): ChaosStep[] {
  if (versions.way === 'mixed') return [...steps]
  const names = Array.from({ length: members }, (_, index) => `m${index + 1}`)
  const isAll = versions.way === 'upgraded'
  const change: ChaosStep = {
    fault: isAll ? 'upgrade-all' : 'upgrade',
    targets: isAll ? names : random.shuffle(names).slice(0, (members - 1) >> 1),
    lengthMs: random.int(1_000, 4_000),
    restMs: random.int(200, 1_500),
  }
  return steps.toSpliced(random.int(0, Math.min(1, steps.length)), 0, change)
}

/** etcd's own assertions, which make a member panic: https://github.com/etcd-io/etcd/pull/15170. */
const verified: MemberSettings = { environment: { ETCD_VERIFY: 'all' } }

/** What its members start with, by name. */
export function settingsOf(
  { members }: ClusterSpec,
  { versions }: Pick<ChaosPlan, 'versions'>,
): Record<string, MemberSettings> {
  const of = (name: string) =>
    versions?.from.includes(name) ? { ...verified, ...versions.to } : verified
  return Object.fromEntries(members.map(({ name }) => [name, of(name)]))
}
