import type { Cluster, Drill, Member, Scenario } from '../../../harness/index.ts'
import { override } from './override.ts'

/** So light that a busy machine serves it before the fault, and short deadlines mean something. */
const lightWorkload = {
  ratePerS: 20,
  keys: 20,
  valueBytes: 64,
  mix: { put: 1, get: 1 },
  timeoutMs: 3_000,
} as const satisfies Scenario['workload']

/**
 * The same scenario on a cluster that never recovers: no fault is undone, and each member that the
 * scenario starts freezes at once. Where it starts none, a member freezes at the end of its steps.
 */
export function withoutRecovery(scenario: Scenario): Scenario {
  return {
    ...scenario,
    workload: lightWorkload,
    act: async (drill) => {
      let frozen = 0
      const freeze = async (member: Member) => {
        if (!(await pauseIfRunning(member))) return
        frozen++
        drill.mark('note', `${member.name} freezes for good`, member)
      }
      await scenario.act({ ...withInertUndos(drill), cluster: freezing(drill.cluster, freeze) })
      const [member] = drill.cluster.members
      if (frozen === 0 && member !== undefined) await freeze(member)
    },
  }
}

/** False for a member that has exited: the engine rejects the pause of its container. */
async function pauseIfRunning(member: Member): Promise<boolean> {
  try {
    await member.pause()
    return true
  } catch (thrown) {
    if (await member.isRunning()) throw thrown
    return false
  }
}

/** Faults that stay in force: their undo does nothing. */
function withInertUndos(drill: Drill): Drill {
  return {
    ...drill,
    inject: (fault, targets) => {
      const inject: typeof fault.inject = async (cluster, names) => {
        const { detail } = await fault.inject(cluster, names)
        return Object.assign(async () => {}, detail === undefined ? {} : { detail })
      }
      return drill.inject({ ...fault, inject }, targets)
    },
  }
}

type Freeze = (member: Member) => Promise<void>

/** A cluster whose members freeze as soon as they are started. */
function freezing(cluster: Cluster, freeze: Freeze): Cluster {
  const wrappers = new Map<Member, Member>()
  const wrap = (member: Member): Member => {
    const present = wrappers.get(member) ?? freezingMember(member, freeze)
    wrappers.set(member, present)
    return present
  }
  const overridden: Partial<Cluster> = {
    get members() {
      return cluster.members.map(wrap)
    },
    member: (name) => wrap(cluster.member(name)),
    leader: async (deadlineMs) => wrap(await cluster.leader(deadlineMs)),
    followers: async (deadlineMs) => (await cluster.followers(deadlineMs)).map(wrap),
    startMember: async (options) => {
      const member = await cluster.startMember(options)
      await freeze(member)
      return wrap(member)
    },
  }
  return override(cluster, overridden)
}

function freezingMember(member: Member, freeze: Freeze): Member {
  const thenFreeze =
    <A extends readonly unknown[]>(start: (...args: A) => Promise<void>) =>
    async (...args: A) => {
      await start(...args)
      await freeze(member)
    }
  return override(member, {
    start: thenFreeze(() => member.start()),
    resume: async () => {},
    recreate: thenFreeze((options) => member.recreate(options)),
  })
}
