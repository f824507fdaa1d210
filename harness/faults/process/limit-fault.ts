import type { MemberLimits } from '../../cluster/member-settings.ts'
import type { Cluster, Member } from '../../cluster/types.ts'
import { defineFault, forAll, idempotentUndo, injectOrUndo, startIfDown } from '../define.ts'
import type { Fault } from '../fault.ts'

/** Leaves each target that much of one processor, at once and without a restart. */
export function cpuLimit(cpus: number): Fault {
  return limitFault({
    name: 'cpu-limit',
    description: `leaves the process ${cpus} of one processor`,
    capability: 'cgroup-cpu',
    limit: (member) => member.limit({ cpus }),
    back: ({ settings }) => ({ cpus: settings.resources?.cpus ?? null }),
  })
}

/**
 * Leaves each target that much memory: the kernel ends the process when it wants more. Where the
 * kernel refuses a limit that is already exceeded (cgroup v1), the process is killed and starts
 * under it. Undo lifts the limit and starts what was ended.
 */
export function memoryLimit(memoryBytes: number): Fault {
  return limitFault({
    name: 'memory-limit',
    description: `leaves the process ${memoryBytes} bytes of memory: the kernel ends it for more`,
    capability: 'cgroup-memory',
    limit: async (member) => {
      try {
        await member.limit({ memoryBytes })
      } catch {
        await member.kill()
        await member.limit({ memoryBytes })
        await member.start()
      }
    },
    back: ({ settings }) => ({ memoryBytes: settings.resources?.memoryBytes ?? null }),
  })
}

function limitFault(options: {
  readonly name: string
  readonly description: string
  readonly capability: string
  readonly limit: (member: Member) => Promise<void>
  readonly back: (member: Member) => MemberLimits
}): Fault {
  const { name, description, capability, limit, back } = options
  const heal = async (cluster: Cluster, member: Member) => {
    if (!cluster.members.includes(member)) return
    await member.limit(back(member))
    await startIfDown(cluster, member)
  }
  return defineFault({
    name,
    description,
    needs: { capabilities: [capability] },
    inject: (cluster, targets) =>
      injectOrUndo(
        () => forAll(targets, limit),
        idempotentUndo(async () => {
          await forAll(targets, (member) => heal(cluster, member))
        }),
      ),
  })
}
