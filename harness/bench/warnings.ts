import type { Measured } from './generator.ts'

/** A third of a core for 5,000 writes a second; beyond that the generator is measured too. */
const coresPerWritePerS = 1 / 3 / 5_000
/** Busier than this, its one thread decides how fast it goes. */
const bottleneck = 0.9

/** What must be said beside the figures, in whole sentences without their end. */
export function warningsOf({ cpuCores, busy, writesPerS }: Measured): string[] {
  const cores = `${cpuCores.toFixed(2)} of a core for ${Math.round(writesPerS)} writes/s`
  const limited =
    busy >= bottleneck || cpuCores >= 1
      ? [
          `the generator was the bottleneck (busy ${Math.round(busy * 100)} % of the time): the cluster may take more`,
        ]
      : []
  const costly =
    cpuCores > writesPerS * coresPerWritePerS
      ? [
          `the generator used ${cores}, more than a third of a core per 5,000: on a shared machine it took that from the members`,
        ]
      : []
  return [...limited, ...costly]
}
