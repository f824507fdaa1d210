import type { MeasuredLoad } from './generator.ts'

/** A third of a core for 5,000 writes a second; beyond that the generator distorts the figure. */
const coresPerWritePerS = 1 / 3 / 5_000
/** Cores of a generator that hardly sends anything: members do not notice it. */
const idleCores = 0.2
/** Share of time beyond which the generator's one thread limits the rate. */
const bottleneck = 0.9
/** A busy generator with less than this of a core was waiting for a processor. */
const starved = 0.7

/** Warnings about the figures, each a sentence without its full stop. */
export function warningsOf(measured: MeasuredLoad): string[] {
  const { cpuCores, writesPerS } = measured
  if (cpuCores <= Math.max(idleCores, writesPerS * coresPerWritePerS)) return limitOf(measured)
  const cores = `${cpuCores.toFixed(2)} of a core for ${Math.round(writesPerS)} writes/s`
  const costly = `the generator used ${cores}, more than a third of a core per 5,000: on a shared machine the members had less`
  return [...limitOf(measured), costly]
}

function limitOf({ cpuCores, busy }: MeasuredLoad): string[] {
  if (busy < bottleneck) return []
  const share = `busy ${Math.round(busy * 100)} % of the time`
  if (cpuCores >= starved) {
    return [`the generator was the bottleneck (${share}): the cluster may take more`]
  }
  const cores = `${cpuCores.toFixed(2)} of a core`
  return [`the machine was short of processors: the generator was ${share} and got ${cores}`]
}
