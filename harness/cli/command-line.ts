import type { RunOptions } from './commands/run.ts'

/**
 * The options of a run as the user could type them again, with the seed that was drawn and without
 * the selection of suites: `gauntlet run … --seed 7`.
 */
export function optionsOf(options: RunOptions, seed: number): string {
  const words = [
    ...word('--etcd', options.etcd),
    ...word('--image', options.image),
    ...word('--arch', options.arch),
    ...word('--members', options.members),
    ...(options.allowEven === true ? ['--allow-even'] : []),
    ...word('--tls', options.tls),
    ...options.flag.flatMap((flag) => word('--flag', flag)),
    ...options.objective.flatMap((objective) => word('--objective', objective)),
    ...word('--depth', options.depth),
    ...word('--duration', durationText(options.duration)),
    ...word('--seed', seed),
  ]
  return words.join(' ')
}

function durationText(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}

function word(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, quote(String(value))]
}

/** For a POSIX shell; plain words stay plain. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
