import type { Cluster } from '../../cluster/types.ts'
import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import type { Fault } from '../../faults/fault.ts'

/** Who is meant by a word instead of a name, at this moment. */
const roles = ['leader', 'follower', 'all'] as const
type Role = (typeof roles)[number]

/**
 * The members that are meant: their names, or `leader`, `follower` (one) and `all`. Without a word
 * it is a follower, or all where the fault is aimed at all. Of a fault of doors the doors: their names,
 * or `all`; without a word the first. Throws an InputError for an unknown one, and where there is no door.
 */
export async function chooseTargets(
  cluster: Cluster,
  { needs }: Pick<Fault, 'needs'>,
  words: readonly string[],
): Promise<readonly string[]> {
  if (needs.doors === true) return chooseDoors(cluster, words)
  const names = cluster.members.map(({ name }) => name)
  expectKnown(words, [...names, ...roles])
  const usual: Role = needs.targets === 'all' || names.length === 1 ? 'all' : 'follower'
  const chosen = words.length === 0 ? [usual] : words
  const found = chosen.map((word) => {
    return names.includes(word) ? [word] : membersOf(cluster, word as Role)
  })
  return [...new Set((await Promise.all(found)).flat())]
}

function chooseDoors({ doors }: Cluster, words: readonly string[]): readonly string[] {
  const names = doors.map(({ name }) => name)
  if (names.length === 0) {
    throw new InputError(
      'Expected a cluster with doors, as of `gauntlet up --door gateway`, got none',
    )
  }
  expectKnown(words, [...names, 'all'])
  if (words.length === 0) return names.slice(0, 1)
  return words.includes('all') ? names : [...new Set(words)]
}

function expectKnown(words: readonly string[], known: readonly string[]): void {
  const unknown = words.find((word) => !known.includes(word))
  if (unknown === undefined) return
  const hint = suggestion(unknown, known)
  throw new InputError(
    `Expected the target to be one of ${known.join(', ')}, got \`${unknown}\`${hint}`,
  )
}

async function membersOf(cluster: Cluster, role: Role): Promise<readonly string[]> {
  if (role === 'all') return cluster.members.map(({ name }) => name)
  if (role === 'leader') return [(await cluster.leader()).name]
  return (await cluster.followers()).slice(0, 1).map(({ name }) => name)
}
