import { bare, type JepsenMap } from './maps.ts'

const isNoClient: ReadonlySet<string> = new Set(['nemesis', 'logger'])

/**
 * Tells each operation's process. Names are numbered from after the numbers on; a process that is
 * missing is null, and what is neither stays as it is. Undefined is what no client did: the nemesis, a
 * name that never requests anything, and a remark that belongs to nobody.
 */
export function numberProcesses(maps: readonly JepsenMap[]): (map: JepsenMap) => unknown {
  const clients = new Set<string>()
  let last = -1
  for (const { fields } of maps) {
    const { process } = fields
    if (Number.isSafeInteger(process)) last = Math.max(last, process as number)
    if (typeof process === 'string' && !isRemark(fields)) clients.add(process)
  }
  const named = [...clients].filter((name) => !isNoClient.has(bare(name)))
  const numberOf = new Map(named.map((name, index) => [name, last + 1 + index]))
  return ({ fields }) => {
    const { process } = fields
    if (typeof process === 'string') return numberOf.get(process)
    if (process !== undefined) return process
    return isRemark(fields) ? undefined : null
  }
}

/** The nemesis begins and ends with it, a client only ends. */
function isRemark({ type }: JepsenMap['fields']): boolean {
  return typeof type === 'string' && bare(type).toLowerCase() === 'info'
}
