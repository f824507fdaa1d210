import type { MeasuredLoad } from './generator.ts'

/** This process's use of the machine at one time. */
export interface Usage {
  readonly atMs: number
  readonly cpuUs: number
  readonly loop: ReturnType<typeof performance.eventLoopUtilization>
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  return { atMs: performance.now(), cpuUs: user + system, loop }
}

export function usedBetween(
  begin: Usage,
  end: Usage,
): Pick<MeasuredLoad, 'cpuCores' | 'busy' | 'memoryBytes'> {
  const elapsedMs = Math.max(1, end.atMs - begin.atMs)
  return {
    cpuCores: (end.cpuUs - begin.cpuUs) / 1_000 / elapsedMs,
    busy: performance.eventLoopUtilization(end.loop, begin.loop).utilization,
    memoryBytes: process.resourceUsage().maxRSS * 1_024,
  }
}
