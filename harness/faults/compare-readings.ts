import type { Cluster, Member } from '../cluster/types.ts'
import type { Measurement, Reading } from '../core/effect.ts'
import { messageOf } from '../core/errors.ts'
import type { Measure } from './fault.ts'

export type ProbeMembers<T = Member> = (cluster: Cluster, targets: readonly T[]) => Promise<Measure>

export interface ReadingComparison<R, T = Member> {
  /** As it completes "expected …". */
  readonly expected: string
  /** What is read, such as `process` or `round trip`. */
  readonly what: string
  /** May throw: then it is not known, and the effect not observed. */
  readonly read: (target: T, cluster: Cluster, targets: readonly T[]) => Promise<R>
  readonly isObserved: (before: R, now: R) => boolean
  /** Gets the reading before the fault, too, when it formats a later one. */
  readonly format: (reading: R, before?: R) => Reading
  /**
   * The reading that stands for all since the fault. Default: the latest. For readings that vary: of
   * many looks one is far off, and must not prove the fault.
   */
  readonly summarize?: (since: readonly R[]) => R
}

/** A probe that reads the same at every target before the fault and in it, and compares. */
export function compareReadings<R, T extends { readonly name: string } = Member>(
  comparison: ReadingComparison<R, T>,
): ProbeMembers<T> {
  const { expected, what, format, isObserved } = comparison
  const { summarize = (since) => since.at(-1) as R } = comparison
  return async (cluster, targets) => {
    const read = (member: T) => readOnce(() => comparison.read(member, cluster, targets))
    const before = new Map(
      await Promise.all(targets.map(async (member) => [member, await read(member)] as const)),
    )
    const since = new Map(targets.map((member) => [member, [] as R[]]))
    const look = async (member: T): Promise<Read<R>> => {
      const latest = await read(member)
      if (latest.value === undefined) return latest
      const all = since.get(member) ?? []
      all.push(latest.value)
      return { value: summarize(all) }
    }
    return async () => {
      const compared = targets.map(async (member) => {
        const [then, now] = [before.get(member), await look(member)]
        const show = (reading: Read<R> | undefined, former?: R) =>
          reading?.value === undefined ? (reading?.problem ?? null) : format(reading.value, former)
        const measurement: Measurement = {
          at: member.name,
          what,
          before: show(then),
          now: show(now, then?.value),
        }
        const areBothKnown = then?.value !== undefined && now.value !== undefined
        return { measurement, isSeen: areBothKnown && isObserved(then.value, now.value) }
      })
      const all = await Promise.all(compared)
      return {
        observed: all.length > 0 && all.every(({ isSeen }) => isSeen),
        expected,
        measured: all.map(({ measurement }) => measurement),
      }
    }
  }
}

type Read<R> =
  | { readonly value: R; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string }

async function readOnce<R>(read: () => Promise<R>): Promise<Read<R>> {
  try {
    return { value: await read() }
  } catch (thrown) {
    return { problem: `not read: ${messageOf(thrown)}` }
  }
}
