import type { Random } from '../../core/random.ts'
import { programs } from '../../workload/programs/index.ts'
import type { ProgramName, ProgramSpec } from '../../workload/workload.ts'

const names = Object.keys(programs) as ProgramName[]

/** One or two, few clients each: what they leave unknown is dear to judge. */
export function drawPrograms(random: Random): ProgramSpec[] {
  const drawn = random.shuffle(names).slice(0, random.int(1, 2))
  return drawn.map((name) => ({
    name,
    ratePerS: random.pick([20, 30, 40]),
    clients: random.int(2, 3),
  }))
}
