import { dirname } from 'node:path/posix'
import type { Member } from '../../cluster/types.ts'
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

async function readDamage(member: Member): Promise<Damage> {
  const record = `${dirname(member.dataDirectory)}/gauntlet-damage.json`
  const [file] = await member.copyOut(record).catch(() => [])
  if (file === undefined) return none
  return JSON.parse(Buffer.from(file.content).toString()) as Damage
}

const shorten = (digest: string) => digest.slice(0, shownDigits)
