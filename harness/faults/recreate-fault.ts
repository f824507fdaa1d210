import { MemberExitedError } from '../cluster/errors.ts'
import type { MemberSettings, RecreateOptions } from '../cluster/member/settings.ts'
import type { Cluster, Member } from '../cluster/types.ts'
import {
  defineFault,
  type FaultOnMembers,
  forAll,
  idempotentUndo,
  injectOrUndo,
} from './define-fault.ts'
import type { Fault, FaultNeeds } from './fault.ts'

/** A fault that is another container with the same name, address and data. */
export interface RecreateFault
  extends Pick<FaultOnMembers, 'name' | 'description' | 'effect' | 'isGradual' | 'probe'> {
  readonly needs?: FaultNeeds
  readonly change: (member: Member, cluster: Cluster) => Promise<RecreateOptions> | RecreateOptions
  /** Besides the former settings. */
  readonly back?: RecreateOptions
  /** etcd may exit when it starts: that is the effect. */
  readonly mayExit?: boolean
  /** Once it runs. */
  readonly afterwards?: (member: Member, cluster: Cluster) => Promise<unknown>
  /** Before it is put back. */
  readonly beforeUndo?: (member: Member, cluster: Cluster) => Promise<unknown>
}

/** One target after another: a restart of all at once would be another fault. */
export function recreateFault(fault: RecreateFault): Fault {
  const { change, back, mayExit, afterwards, beforeUndo, needs = {}, ...rest } = fault
  return defineFault({
    ...rest,
    needs,
    exits: true,
    inject: (cluster, targets) => {
      const former = new Map<Member, MemberSettings>()
      const heal = async (member: Member) => {
        const settings = former.get(member)
        if (settings === undefined || !cluster.members.includes(member)) return
        await beforeUndo?.(member, cluster)
        await member.recreate({ ...settings, ...back, exactly: true })
        former.delete(member)
      }
      return injectOrUndo(
        async () => {
          for (const member of targets) {
            const options = await change(member, cluster)
            former.set(member, member.settings)
            const recreating = member.recreate(options)
            await (mayExit ? tolerateExit(recreating) : recreating)
            await afterwards?.(member, cluster)
          }
        },
        idempotentUndo(async () => {
          await forAll([...former.keys()], heal)
        }),
      )
    },
  })
}

/** etcd may exit while it starts: that is its answer to the fault. */
export async function tolerateExit(starting: Promise<void>): Promise<void> {
  try {
    await starting
  } catch (thrown) {
    if (!(thrown instanceof MemberExitedError)) throw thrown
  }
}
