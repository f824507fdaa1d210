import { dirname } from 'node:path/posix'
import type { Cluster, Member } from '../../cluster/types.ts'
import { compareReadings } from '../compare-readings.ts'

/** What the toolbox's programs record beside the data directory: digests from before and after. */
interface Damage {
  readonly id: string
  readonly path: string
  readonly before: string
  readonly after: string
}

const none: Damage = { id: '', path: '', before: '', after: '' }
const shownDigits = 12

/** A program recorded damage that was not there before, and the bytes differ by it. */
export const probeDamage = compareReadings<Damage>({
  expected: 'the bytes of the data to differ',
  what: 'damage',
  read: readDamage,
  isObserved: (before, now) => now.id !== before.id && now.before !== now.after,
  format: ({ id, path, before, after }) =>
    id === '' ? 'none' : `${path} from ${shorten(before)} to ${shorten(after)}`,
})

/** From the volume: a member that exits while it starts has no container to read it from. */
async function readDamage(member: Member, cluster: Cluster): Promise<Damage> {
  const record = `${dirname(member.dataDirectory)}/gauntlet-damage.json`
  const options = { dataOf: member.name, toolbox: true }
  const { exitCode, stdout } = await cluster.tool(['cat', record], options)
  return exitCode === 0 ? (JSON.parse(stdout) as Damage) : none
}

const shorten = (digest: string) => digest.slice(0, shownDigits)
