import { InputError } from '../../core/errors.ts'
import type { Fault } from '../fault.ts'
import { linkFault } from './link-fault.ts'
import { bothWays } from './links.ts'

/** Loses packets between the targets and the others, both ways, each with that probability. */
export function loss(probability: number): Fault {
  if (!(probability > 0 && probability < 1)) {
    throw new InputError(`Expected \`probability\` to be between 0 and 1, got ${probability}`)
  }
  return linkFault({
    name: 'loss',
    description: `loses ${(100 * probability).toFixed(0)} % of the packets between the targets and the others`,
    effect: 'degrades',
    capabilities: ['sidecar', 'iptables', 'iptables-statistic'],
    links: bothWays,
    match: `-m statistic --mode random --probability ${probability}`,
    jump: 'DROP',
  })
}
