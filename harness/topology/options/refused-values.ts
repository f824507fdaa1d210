import { gatesAt } from '../option-names.ts'
import { hasReached } from '../version.ts'

/** Values that a version refuses of an option that it has. Each seen on the binaries. */
const refusals: readonly {
  readonly name: string
  readonly value: string
  readonly since: string
  /** etcd takes it out of a configuration file all the same. */
  readonly notInFiles?: true
}[] = [
  { name: 'logger', value: 'capnslog', since: '3.5.0' },
  { name: 'discovery-fallback', value: 'proxy', since: '3.6.0' },
  { name: 'v2-deprecation', value: 'not-yet', since: '3.6.0', notInFiles: true },
]

/** Whether that version of etcd exits for the value, although it has the option. */
export function isRefused(
  version: string,
  {
    name,
    value,
    isInFile,
  }: { readonly name: string; readonly value: string; readonly isInFile: boolean },
): boolean {
  if (name === 'feature-gates')
    return !gateNamesIn(value).every((gate) => gatesAt(version).includes(gate))
  const refusal = refusals.find((each) => each.name === name && each.value === value)
  if (refusal === undefined || (isInFile && refusal.notInFiles)) return false
  return hasReached(version, refusal.since)
}

/** `A=true,B=false` → A and B. */
export function gateNamesIn(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.split('=')[0]?.trim() ?? '')
    .filter((gate) => gate !== '' && gate !== 'AllAlpha' && gate !== 'AllBeta')
}
