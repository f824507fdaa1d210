import { dirname } from 'node:path/posix'
import type { Cluster, Member } from '../../cluster/types.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { featuresOf } from '../../topology/etcd-features.ts'
import { defineFault, FaultError, nothingToUndo } from '../define.ts'
import type { Fault, FaultNeeds } from '../fault.ts'

const defragmentTimeout = '--command-timeout=60s'

/** Forgets all revisions before the present one, through each target. */
export const compact = onEach({
  name: 'compact',
  description: 'compacts the history up to the present revision, physically',
  act: async (member) => {
    const { revision } = await member.status()
    const said = await etcdctl(member, ['compact', '--physical', String(revision)], /compacted/)
    return said ?? `compacted revision ${revision}`
  },
})

/** Rewrites the database of each target in turn; it answers nothing meanwhile. */
export const defragment = onEach({
  name: 'defragment',
  description: "rewrites the member's database, which answers nothing meanwhile",
  act: async (member) => {
    const before = (await member.status()).dbSizeBytes
    await etcdctl(member, ['defrag', defragmentTimeout])
    return `${before} to ${(await member.status()).dbSizeBytes} bytes`
  },
})

/** Hands the leadership to the target; returns when it leads. */
export const moveLeader = onEach({
  name: 'move-leader',
  description: 'hands the leadership over to the target',
  needs: { targets: 'one', minMembers: 2 },
  act: async (member, cluster) => {
    const { memberId } = await member.status()
    const leader = await cluster.leader()
    if (leader === member) return 'it led already'
    await etcdctl(leader, ['move-leader', memberId])
    await poll(
      async () => {
        const { leaderId } = await member.status()
        return leaderId === memberId ? done(undefined) : notYet(`leader ${leaderId}`)
      },
      { what: `${member.name} to lead`, deadlineMs: 15_000 },
    )
    return `from ${leader.name}`
  },
})

/** Saves a snapshot through each target, inside its container, and reads it again. */
export const snapshot = onEach({
  name: 'snapshot',
  description: 'saves a snapshot through the member and verifies it',
  act: async (member, cluster) => {
    const file = `${dirname(member.dataDirectory)}/gauntlet-snapshot.db`
    await etcdctl(member, ['snapshot', 'save', file])
    const { offlineTool } = featuresOf(cluster.spec.version)
    const read = await member.exec([offlineTool, 'snapshot', 'status', file, '--write-out=json'])
    if (read.exitCode !== 0) throw new FaultError(`Expected a snapshot, got: ${read.stderr.trim()}`)
    const { revision, totalKey } = JSON.parse(read.stdout) as Record<string, number>
    return `revision ${revision}, ${totalKey} keys`
  },
})

/** New leaf certificates and keys of the same CA: etcd reads them at every handshake. */
export const rotateCertificates = onEach({
  name: 'rotate-certificates',
  description: 'puts new certificates and keys in place while the member runs',
  act: async (member) => {
    await member.renewCertificates()
    return undefined
  },
})

/** One target after another, as an administrator does. It is done once: nothing to undo. */
function onEach(options: {
  readonly name: string
  readonly description: string
  readonly needs?: FaultNeeds
  readonly act: (member: Member, cluster: Cluster) => Promise<string | undefined>
}): Fault {
  const { name, description, needs = {}, act } = options
  return defineFault({
    name,
    description,
    needs,
    inject: async (cluster, targets) => {
      const details: string[] = []
      for (const member of targets) {
        const detail = await act(member, cluster)
        if (detail !== undefined) details.push(`${member.name}: ${detail}`)
      }
      return nothingToUndo(details.length === 0 ? undefined : details.join('; '))
    },
  })
}

/** Undefined, or what it said when it failed in a way that says that it is already so. */
async function etcdctl(
  member: Member,
  args: readonly string[],
  alreadySo?: RegExp,
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await member.etcdctl(args)
  if (exitCode === 0) return undefined
  const said = (stderr || stdout).trim().split('\n').at(-1) ?? ''
  if (alreadySo?.test(said)) return said
  throw new FaultError(`Expected etcdctl ${args.join(' ')} at ${member.name} to work, got: ${said}`)
}
