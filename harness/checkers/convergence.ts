import { isDeepStrictEqual } from 'node:util'
import type { Checker, FinalState, MemberFinalState, Verdict } from './checker.ts'
import { absentMembers } from './keys/absent-members.ts'
import { formatHeld } from './keys/losses.ts'
import { invalidVerdict } from './verdict/invalid.ts'
import { requireFacts } from './verdict/require-facts.ts'
import { unknownVerdict } from './verdict/unknown.ts'

const name = 'convergence'
const codes = ['hashes-differ', 'keys-differ'] as const

/**
 * Proves: all members return the same HashKV and the same keys at one revision at the end, so they
 * hold the same values and past revisions back to the compaction.
 * Does not prove: that what they agree on is right (`durability`), or that they agreed earlier.
 */
export const convergenceChecker: Checker = {
  name,
  codes,
  check: ({ history, final }) => {
    const present = (final?.members ?? []).map(({ member }) => member)
    return judge(final, absentMembers(history, present))
  },
}

function judge(final: FinalState | undefined, absent: readonly string[]): Verdict {
  const members = final?.members ?? []
  const factsJudged = countCompared(members)
  const unknown = (reason: string) => unknownVerdict(name, reason, { factsJudged })
  if (members.length === 0) return unknown('no member was read at the end')
  const answered = members.filter(({ hash }) => hash !== null)
  // Hashes of different revisions differ in any case.
  const groups = Map.groupBy(answered, (one) => `${one.hashRevision}/${one.compactRevision ?? ''}`)
  for (const group of groups.values()) {
    const hashes = Map.groupBy(group, ({ hash }) => hash)
    if (hashes.size <= 1) continue
    const revision = group[0]?.hashRevision ?? 0
    return violationVerdict([...hashes.values()], { revision, factsJudged })
  }
  const different = findDifferentKeys(final, factsJudged)
  if (different !== undefined) return different
  const silent = [
    ...members.filter(({ hash }) => hash === null).map((one) => one.member),
    ...absent,
  ]
  if (silent.length > 0) return unknown(`${silent.join(', ')} returned no hash`)
  const [first] = answered
  if (answered.some(({ hashRevision }) => hashRevision !== first?.hashRevision)) {
    const each = answered.map(({ member, hashRevision }) => `${member} at ${hashRevision}`)
    return unknown(`the hashes are of different revisions: ${each.join(', ')}`)
  }
  if (groups.size > 1) return unknown('the members are compacted to different revisions')
  return requireFacts({ checker: name, verdict: 'valid', factsJudged }, 'no two members to compare')
}

/** Members of which another one was read at the same revision, so that they can differ. */
function countCompared(members: readonly FinalState['members'][number][]): number {
  const groups = [...Map.groupBy(members, ({ revision }) => revision).values()]
  return groups.reduce((sum, { length }) => sum + (length > 1 ? length : 0), 0)
}

function violationVerdict(
  groups: readonly (readonly FinalState['members'][number][])[],
  { revision, factsJudged }: { readonly revision: number; readonly factsJudged: number },
): Verdict {
  const sides = groups.map((group) => {
    const names = group.map(({ member }) => member).join(', ')
    return `${names}: ${group[0]?.hash}`
  })
  return invalidVerdict<(typeof codes)[number]>(name, {
    code: 'hashes-differ',
    reason: `members differ at revision ${revision}: ${sides.join('; ')}`,
    factsJudged,
    evidence: {
      partition: 'store',
      expected: `one hash at revision ${revision}`,
      found: sides.join('; '),
    },
  })
}

const isSame = (one: unknown, other: unknown) => isDeepStrictEqual(one, other)

/** With all that is known of the key. */
function formatStored(state: MemberFinalState, key: string): string {
  const { createRevision, version, lease } = state.keys[key] ?? {}
  const more = [
    createRevision === undefined ? '' : `, createRevision ${createRevision}`,
    version === undefined ? '' : `, version ${version}`,
    lease === undefined || lease === '0' ? '' : `, lease ${lease}`,
  ]
  return `${formatHeld(state, key)}${more.join('')}`
}

/** Members at one revision whose keys differ, whatever their hashes say. */
function findDifferentKeys(
  final: FinalState | undefined,
  factsJudged: number,
): Verdict | undefined {
  const groups = Map.groupBy(final?.members ?? [], ({ revision }) => revision)
  for (const [revision, [first, ...others]] of groups) {
    const second = others.find(({ keys }) => first !== undefined && !isSame(keys, first.keys))
    if (first === undefined || second === undefined) continue
    const names = [...new Set([...Object.keys(first.keys), ...Object.keys(second.keys)])].sort()
    const key = names.find((name) => !isSame(first.keys[name], second.keys[name])) ?? ''
    const found = `${formatStored(first, key)}, ${formatStored(second, key)}`
    return invalidVerdict<(typeof codes)[number]>(name, {
      code: 'keys-differ',
      reason: `members differ at revision ${revision}: ${found}`,
      factsJudged,
      evidence: { partition: key, expected: `the same keys at revision ${revision}`, found },
    })
  }
  return undefined
}
