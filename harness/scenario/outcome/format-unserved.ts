import { nsPerMs } from '../../core/clock.ts'
import type { Attempt } from '../measures/attempts.ts'

/** How many requests, from when on, of which outcome, at which members, and the most frequent error. */
export function formatUnserved(unserved: readonly Attempt[]): string {
  const count = (wanted: Attempt['outcome']) =>
    unserved.filter(({ outcome }) => outcome === wanted).length
  const kinds = [
    `${count('fail')} failed`,
    `${count('info')} unknown`,
    `${count('ok')} served too late`,
  ].filter((text) => !text.startsWith('0 '))
  const members = countBy(unserved, ({ member }) => member).map(([name, times]) => {
    return `${times} at ${name || 'the cluster'}`
  })
  const [first] = countBy(unserved, ({ error }) => error)
  const error = first === undefined || first[0] === '' ? '' : `; most often: ${first[0]}`
  const fromNs = unserved.reduce((least, { dueNs }) => Math.min(least, dueNs), Infinity)
  const fromS = fromNs / nsPerMs / 1_000
  return `${unserved.length} from second ${fromS.toFixed(1)} on (${kinds.join(', ')}; ${members.join(', ')})${error}`
}

/** The most frequent first. */
function countBy(
  attempts: readonly Attempt[],
  nameOf: (attempt: Attempt) => string,
): [name: string, times: number][] {
  return [...Map.groupBy(attempts, nameOf)]
    .map(([name, own]): [string, number] => [name, own.length])
    .sort(([, one], [, other]) => other - one)
}
