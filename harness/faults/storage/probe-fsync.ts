import type { Member } from '../../cluster/types.ts'
import { histogramOf } from '../../core/prometheus.ts'
import type { ProbeMembers } from '../compare-readings.ts'
import { readMetrics } from '../read-metrics.ts'

const metric = 'etcd_disk_wal_fsync_duration_seconds'
const leastCount = 3

/** All fsyncs of the write-ahead log in the life of one process. */
interface Fsyncs {
  readonly startedAt: string
  readonly sumS: number
  readonly count: number
}

/**
 * The mean fsync since the fault takes at least `leastMs`, and twice as long as before it, by the
 * member's own figures. A restarted member counts from zero.
 */
export function probeFsync(leastMs: number): ProbeMembers {
  return async (_, targets) => {
    const before = await Promise.all(targets.map(readFsyncs))
    return async () => {
      const read = targets.map(async (member, index) => {
        const [then, now] = [before[index] ?? none, await readFsyncs(member)]
        const since = now.startedAt === then.startedAt ? subtract(now, then) : now
        const [formerMs, presentMs] = [meanMs(then), meanMs(since)]
        return {
          isSeen: since.count >= leastCount && presentMs >= Math.max(leastMs, 2 * formerMs),
          measurement: {
            at: member.name,
            what: 'mean fsync in ms',
            before: round(formerMs),
            now: since.count === 0 ? null : round(presentMs),
          },
        }
      })
      const all = await Promise.all(read)
      return {
        observed: all.length > 0 && all.every(({ isSeen }) => isSeen),
        expected: `an fsync to take at least ${round(leastMs)} ms, and twice as long as before`,
        measured: all.map(({ measurement }) => measurement),
      }
    }
  }
}

const none: Fsyncs = { startedAt: '', sumS: 0, count: 0 }

/** Zeros while its metrics cannot be read, such as while it starts. */
async function readFsyncs(member: Member): Promise<Fsyncs> {
  try {
    const { startedAt } = await member.process()
    const histogram = histogramOf(await readMetrics(member), metric)
    return { startedAt, sumS: histogram?.sum ?? 0, count: histogram?.count ?? 0 }
  } catch {
    return none
  }
}

function subtract(now: Fsyncs, then: Fsyncs): Fsyncs {
  return { ...now, sumS: now.sumS - then.sumS, count: now.count - then.count }
}

const meanMs = ({ sumS, count }: Fsyncs) => (count === 0 ? 0 : (1_000 * sumS) / count)
const round = (ms: number) => Math.round(10 * ms) / 10
