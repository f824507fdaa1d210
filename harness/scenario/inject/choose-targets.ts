import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import type { Fault } from '../../faults/fault.ts'

/** Who is meant by a word instead of a name, at this moment. */
const roles = ['leader', 'follower', 'all'] as const
type Role = (typeof roles)[number]

/**
 * The members that are meant: their names, or `leader`, `follower` (one) and `all`. Without a word
 * it is a follower, or all where the fault is aimed at all. Throws an InputError for an unknown one.
 */
export async function chooseTargets(
  cluster: Cluster,
  { needs }: Pick<Fault, 'needs'>,
  words: readonly string[],
): Promise<readonly string[]> {
  const names = cluster.members.map(({ name }) => name)
  const unknown = words.find((word) => !names.includes(word) && !isRole(word))
  if (unknown !== undefined) {
    const known = [...names, ...roles]
    const hint = suggestion(unknown, known)
    throw new InputError(
      `Expected the target to be one of ${known.join(', ')}, got \`${unknown}\`${hint}`,
    )
  }
  const usual: Role = needs.targets === 'all' || names.length === 1 ? 'all' : 'follower'
  const chosen = words.length === 0 ? [usual] : words
  const found = chosen.map((word) => {
    return names.includes(word) ? [word] : membersOf(cluster, word as Role)
  })
  return [...new Set((await Promise.all(found)).flat())]
}

const isRole = (word: string): word is Role => roles.some((role) => role === word)

async function membersOf(cluster: Cluster, role: Role): Promise<readonly string[]> {
  if (role === 'all') return cluster.members.map(({ name }) => name)
  if (role === 'leader') return [(await cluster.leader()).name]
  return (await cluster.followers()).slice(0, 1).map(({ name }) => name)
}
