import { availableParallelism, cpus } from 'node:os'

/** Processor seconds since boot: of the whole machine, and of this process. */
export interface MachineUse {
  readonly busyS: number
  readonly ownS: number
}

/** The machine's use so far; the difference of two readings is the use between them. */
export function machineUse(): MachineUse {
  const busyMs = cpus()
    .map(({ times }) => times.user + times.nice + times.sys + times.irq)
    .reduce((sum, ms) => sum + ms, 0)
  const { user, system } = process.cpuUsage()
  return { busyS: busyMs / 1_000, ownS: (user + system) / 1e6 }
}

/**
 * How many cores other processes used during the measurement. The engine's own share of forwarding
 * the connections is among it; 0 when the members run on another machine.
 */
export function otherProcessCores(
  { before, after }: { readonly before: MachineUse; readonly after: MachineUse },
  used: { readonly elapsedS: number; readonly membersS: number; readonly generatorCores: number },
): number {
  const { elapsedS, membersS, generatorCores } = used
  const busyS = after.busyS - before.busyS - (after.ownS - before.ownS) - membersS
  return Math.max(0, busyS / elapsedS - generatorCores)
}

/** Share of the machine beyond which a rate is only a lower bound of the cluster's. */
const noisyShare = 0.3

/** How many cores this process may use. */
export const machineCores = availableParallelism

/** Whether other processes used so much of the machine that a rate is only a lower bound. */
export function isNoisy(cores: number): boolean {
  return cores > noisyShare * machineCores()
}
