/** Where etcd is in the words of a command, and what the command gives it. */
export interface FoundEtcd {
  readonly args: readonly string[]
  /** Of a container that the command runs it in. */
  readonly variables: readonly { readonly name: string; readonly value: string }[]
  readonly environmentFiles: readonly string[]
  readonly image?: string
}

/**
 * Finds the member of etcd that a command starts, by itself, through a wrapper such as `exec nice`,
 * or in a container. Undefined where it starts none: `mkdir /var/lib/etcd` names a directory,
 * `systemctl start etcd` a unit, and `etcd grpc-proxy start` is no member.
 */
export function findEtcd(words: readonly string[]): FoundEtcd | undefined {
  const runtime = words.findIndex((word) => /(^|\/)(docker|podman|nerdctl|ctr)$/.test(word))
  const inContainer =
    runtime >= 0 && words.slice(runtime).some((word) => /^(run|create)$/.test(word))
  if (inContainer) return inContainerRun(words.slice(runtime + 1))
  const at = positionOf(words)
  if (at === undefined) return undefined
  const args = words.slice(at + 1)
  return isMember(args) ? { args, variables: [], environmentFiles: [] } : undefined
}

/** The first `etcd` with flags behind it, else the last that nothing but wrappers and users precede. */
function positionOf(words: readonly string[]): number | undefined {
  const candidates = words.flatMap((word, index) => (isEtcd(word) ? [index] : []))
  const withFlags = candidates.find((at) => words[at + 1]?.startsWith('-'))
  if (withFlags !== undefined) return withFlags
  return candidates.findLast((at) =>
    words.slice(0, at).every((word) => isWrapper(word) || isEtcd(word)),
  )
}

const wrappers: ReadonlySet<string> = new Set([
  ...['exec', 'nohup', 'sudo', 'env', 'nice', 'ionice', 'setsid', 'command', 'time', 'chrt'],
  ...['gosu', 'su-exec', 'tini', 'dumb-init', 'catatonit', 'stdbuf', 'taskset', 'numactl'],
])

function isWrapper(word: string): boolean {
  return wrappers.has(word.replace(/^.*\//, '')) || /^-|^\d+$|^[A-Za-z_]\w*=/.test(word)
}

function isMember([first]: readonly string[]): boolean {
  return (
    first !== 'grpc-proxy' && first !== 'gateway' && first !== '--version' && first !== '--help'
  )
}

function inContainerRun(words: readonly string[]): FoundEtcd | undefined {
  const image = words.findIndex(
    (word) => /[/:]/.test(word) && isEtcdImage(word) && !/^[-./]|:\//.test(word),
  )
  const program = image < 0 ? positionOf(words) : image + (isEtcd(words[image + 1] ?? '') ? 1 : 0)
  if (program === undefined) return undefined
  const args = words.slice(program + 1)
  if (!isMember(args)) return undefined
  const options = words.slice(0, image < 0 ? program : image)
  return {
    args,
    variables: valuesOf(options, /^(-e|--env)$/).flatMap((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      return name === undefined || value === undefined ? [] : [{ name, value }]
    }),
    environmentFiles: valuesOf(options, /^--env-file$/),
    ...(words[image] !== undefined && { image: words[image] }),
  }
}

/** `-e NAME=value` and `--env=NAME=value`. */
function valuesOf(words: readonly string[], option: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [, name = '', assigned] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(word) ?? []
    if (!option.test(name)) return []
    return [assigned ?? words[index + 1] ?? '']
  })
}

export function isEtcd(word: string): boolean {
  return /^([^-=][^=]*\/|\/)?etcd$/.test(word)
}

/** `registry.example/etcd:v3.5.5` → true: its last part before the tag is etcd, or ends in it. */
export function isEtcdImage(reference: string): boolean {
  return /(^|[/-])etcd(-(amd64|arm64|wrapper))?(:[^/]*)?(@.*)?$/.test(reference)
}
