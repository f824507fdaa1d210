import { defineFault, nothingToUndo } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { probeImage, type UpgradeTarget } from './upgrade.ts'

/**
 * Upgrades every member in turn, each once the one before is healthy. Undo does nothing: etcd opens no
 * way back once the cluster has the newer version.
 */
export function upgradeAll(to: UpgradeTarget): Fault {
  return defineFault({
    name: 'upgrade-all',
    description: `restarts every member in turn on ${to.image}`,
    effect: 'changes',
    needs: { targets: 'all' },
    exits: true,
    probe: probeImage,
    inject: async (cluster, members) => {
      for (const member of members) {
        await member.stop()
        await member.recreate(to)
        await cluster.untilHealthy()
      }
      return nothingToUndo()
    },
  })
}
