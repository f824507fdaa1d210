import { InputError } from '../../core/errors.ts'
import { compareReadings } from '../compare-readings.ts'
import { defineFault } from '../define-fault.ts'
import type { Fault } from '../fault.ts'
import { outgoing } from './links.ts'
import { firstPeer, transferMs } from './measure-links.ts'
import { shapeLinks } from './shaping.ts'

/** What the shaper lets pass at once is small beside it. */
const sampleLeastBytes = 16_384
/** A burst passes before the limit holds. */
const tolerance = 1.5

/** What each target sends to the others, together, goes no faster than that. */
export function bandwidth(bytesPerS: number): Fault {
  if (!(bytesPerS >= 1_000)) {
    throw new InputError(`Expected \`bytesPerS\` to be at least 1000, got ${bytesPerS}`)
  }
  const sample = Math.max(sampleLeastBytes, Math.round(bytesPerS / 4))
  return defineFault({
    name: 'bandwidth',
    description: `limits what each target sends to the others to ${bytesPerS} bytes/s`,
    needs: { capabilities: ['sidecar', 'iptables', 'tbf'], minMembers: 2 },
    effect: 'degrades',
    isGradual: true,
    probe: compareReadings<number>({
      expected: `at most ${bytesPerS} bytes/s to another member`,
      what: 'bytes/s',
      read: async (member, cluster, targets) => {
        const tookMs = await transferMs(member, firstPeer(cluster, targets, member), sample)
        return Math.round((1_000 * sample) / tookMs)
      },
      isObserved: (before, now) => now < before / 2 && now <= tolerance * bytesPerS,
      format: (rate) => rate,
    }),
    inject: (cluster, targets) =>
      shapeLinks(cluster, outgoing(cluster, targets), { bytesPerS }, `${bytesPerS} bytes/s`),
  })
}
