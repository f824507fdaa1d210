import { InputError } from '../../core/errors.ts'
import { defineFault } from '../define.ts'
import type { Fault } from '../fault.ts'
import { outgoing } from './links.ts'
import { shapeLinks } from './shaping.ts'

/** What each target sends to the others, together, goes no faster than that. */
export function bandwidth(bytesPerS: number): Fault {
  if (!(bytesPerS >= 1_000)) {
    throw new InputError(`Expected \`bytesPerS\` to be at least 1000, got ${bytesPerS}`)
  }
  return defineFault({
    name: 'bandwidth',
    description: `limits what each target sends to the others to ${bytesPerS} bytes/s`,
    needs: { capabilities: ['sidecar', 'iptables', 'tbf'], minMembers: 2 },
    inject: (cluster, targets) =>
      shapeLinks(cluster, outgoing(cluster, targets), { bytesPerS }, `${bytesPerS} bytes/s`),
  })
}
