import { availableParallelism, cpus } from 'node:os'

/** Processor seconds so far: of the whole machine, and of this process. */
export interface MachineUse {
  readonly busyS: number
  readonly ownS: number
}

export function machineUse(): MachineUse {
  const busyMs = cpus()
    .map(({ times }) => times.user + times.nice + times.sys + times.irq)
    .reduce((sum, ms) => sum + ms, 0)
  const { user, system } = process.cpuUsage()
  return { busyS: busyMs / 1_000, ownS: (user + system) / 1e6 }
}

/**
 * How many cores were used by what has nothing to do with the measurement. The engine's own share
 * of passing the connections on is among it; 0 when the members run on another machine.
 */
export function otherProcessCores(
  { before, after }: { readonly before: MachineUse; readonly after: MachineUse },
  used: { readonly elapsedS: number; readonly membersS: number; readonly generatorCores: number },
): number {
  const { elapsedS, membersS, generatorCores } = used
  const busyS = after.busyS - before.busyS - (after.ownS - before.ownS) - membersS
  return Math.max(0, busyS / elapsedS - generatorCores)
}

/** Of the machine; beyond that a rate is no more than a lower bound of what the cluster can. */
const othersShare = 0.3

export const machineCores = availableParallelism

export function isNoisy(cores: number): boolean {
  return cores > othersShare * machineCores()
}
