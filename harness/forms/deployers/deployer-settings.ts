import type { GivenSetting } from '../file-form.ts'

/** What a deployer gives its etcd itself, in files that do not say so. */
export interface DeployerSettings {
  /** As a message names it: `k0s`. */
  readonly by: string
  readonly door: GivenSetting['door']
  readonly settings: Readonly<Record<string, string>>
  /** Of the part of the file that is etcd's. */
  readonly line: number
}

/**
 * The settings of a user's file with those of the deployer in front. One that reaches etcd in the same way
 * replaces the deployer's; a variable beside the deployer's flag does not, and etcd exits for the two.
 */
export function withDeployers(
  given: readonly GivenSetting[],
  { by, door, settings, line }: DeployerSettings,
): readonly GivenSetting[] {
  // In a configuration file the last one of a name stands alone.
  const isReplaced = (name: string) =>
    given.some((one) => one.name === name && (one.door === door || door === 'key'))
  const own = Object.entries(settings)
    .filter(([name]) => !isReplaced(name))
    .map(([name, value]): GivenSetting => ({ name, value, line, door, setBy: by }))
  return [...own, ...given]
}
