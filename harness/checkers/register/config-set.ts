import { type Config, hashOf, isSame } from './config.ts'
import { dominates } from './dominance.ts'
import type { Open } from './open.ts'

/** Configurations of which none makes another superfluous, as far as that is cheap to see. */
export interface ConfigSet {
  /** False when it adds nothing to what is there. */
  add(config: Config): boolean
  size(): number
  all(): Config[]
}

/** Past this many of one state, only equal ones and the first of them are looked at. */
const comparedInFull = 100

interface Group {
  list: Config[]
  byHash?: Map<number, Config[]>
}

/**
 * A set that drops a configuration when one that is at least as good is in it. Leaving out is
 * always sound: what the dropped one could still reach, the other one can. Hashes only find
 * candidates; equality is compared in full.
 */
export function createConfigSet(open: Open): ConfigSet {
  const groups = new Map<number, Group>()
  let size = 0
  return {
    add: (config) => {
      const group = groups.get(config.state) ?? { list: [] }
      if (group.list.length === 0) groups.set(config.state, group)
      const before = group.list.length
      if (!addConfig(group, config, open)) return false
      size += group.list.length - before
      return true
    },
    size: () => size,
    all: () => [...groups.values()].flatMap(({ list }) => list),
  }
}

function addConfig(group: Group, config: Config, open: Open): boolean {
  const { list } = group
  const compared = Math.min(list.length, comparedInFull)
  for (let index = 0; index < compared; index++) {
    if (dominates(list[index] as Config, config, open)) return false
  }
  if (list.length < comparedInFull) {
    group.list = list.filter((other) => !isDominatedBy(other, config, open))
    group.list.push(config)
    return true
  }
  group.byHash ??= hashed(list)
  const hash = hashOf(config)
  const twins = group.byHash.get(hash)
  if (twins?.some((twin) => isSame(twin, config))) return false
  if (twins === undefined) group.byHash.set(hash, [config])
  else twins.push(config)
  list.push(config)
  return true
}

function isDominatedBy(other: Config, config: Config, open: Open): boolean {
  if (!dominates(config, other, open)) return false
  other.isDominated = true
  return true
}

function hashed(list: readonly Config[]): Map<number, Config[]> {
  const byHash = new Map<number, Config[]>()
  for (const config of list) {
    const hash = hashOf(config)
    const twins = byHash.get(hash)
    if (twins === undefined) byHash.set(hash, [config])
    else twins.push(config)
  }
  return byHash
}
