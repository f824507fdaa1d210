import { everyFlag } from '../../topology/options/options.ts'
import { takesNoValue } from '../etcd/boolean-flags.ts'
import { withoutMarks } from './unresolved.ts'

/** Where etcd is in the words of a command, and what the command gives it. */
export interface FoundEtcd {
  readonly args: readonly string[]
  /** Of a container that the command runs it in, or of `env`. */
  readonly variables: readonly { readonly name: string; readonly value: string }[]
  readonly environmentFiles: readonly string[]
  /** Of a container, which has no other variables of the command that starts it than these, by name. */
  readonly forwarded: readonly string[]
  readonly image?: string
}

/**
 * Finds the member of etcd that a command starts, by itself, through a wrapper such as `exec nice`,
 * or in a container. Undefined where it starts none: `mkdir /var/lib/etcd` names a directory,
 * `systemctl start etcd` a unit, and `etcd grpc-proxy start` is no member.
 */
export function findEtcd(words: readonly string[]): FoundEtcd | undefined {
  const runtime = words.findIndex(isRuntime)
  const rest = words.slice(runtime + 1)
  const command = rest.find((word) => containerCommands.test(word))
  const isService = command === 'service' && rest[rest.indexOf(command) + 1] === 'create'
  const starts = isService || /^(run|create)$/.test(command ?? '')
  if (runtime >= 0 && starts && /kubectl$|^oc$/.test(words[runtime] ?? '')) return inPodRun(rest)
  if (runtime >= 0 && starts) return inContainerRun(rest, words[runtime] ?? '')
  const at = positionOf(words)
  if (at === undefined) return undefined
  // `start-stop-daemon --exec etcd -- --name=a`
  const isDaemon = words[at + 1] === '--' && words.some((word) => /start-stop-daemon$/.test(word))
  const args = words.slice(at + (isDaemon ? 2 : 1))
  if (!isMember(args)) return undefined
  // `env NAME=value etcd`
  const before = words.slice(0, at)
  const hasEnv = before.some((word) => /^(.*\/)?env$/.test(word))
  const variables = hasEnv ? before.flatMap(assignmentOf) : []
  return { args, variables, environmentFiles: [], forwarded: [] }
}

/** What docker and its like do: `docker network create` runs nothing. */
const containerCommands =
  /^(run|create|exec|network|volume|images?|compose|build|buildx|pull|push|rmi?|stop|start|restart|kill|service|stack|context|secret|config|pod|ps|logs|inspect|cp|tag|load|save|login|info|system|tasks?)$/

/**
 * The first `etcd` with flags behind it, else the last that nothing but wrappers and users precede. Behind
 * a program that is not known here one of the flags has to be etcd's own: `systemctl status etcd --no-pager`.
 */
function positionOf(words: readonly string[]): number | undefined {
  const candidates = words.flatMap((word, at) => (isEtcd(word) && !isValue(words, at) ? [at] : []))
  const isStart = (at: number) =>
    words.slice(0, at).every((word) => isWrapper(word) || isEtcd(word))
  const withFlags = candidates.find(
    (at) => words[at + 1]?.startsWith('-') && (isStart(at) || startsWithOwnFlags(words, at)),
  )
  return withFlags ?? candidates.findLast(isStart)
}

function startsWithOwnFlags(words: readonly string[], at: number): boolean {
  // These take flags of etcd, too.
  const isTool = words.slice(0, at).some((word) => /(^|\/)etcd(ctl|utl|adm)$/.test(word))
  return !isTool && words.slice(at + 1).some((word) => flagOf(word) !== undefined)
}

/** The flag of etcd that a word is or sets. */
export function flagOf(word: string): string | undefined {
  const [, flag] = /^--?([a-z][\w-]*)(?==|$)/.exec(word) ?? []
  return flag !== undefined && (everyFlag.includes(flag) || flag === 'config-file')
    ? flag
    : undefined
}

const wrappers: ReadonlySet<string> = new Set([
  ...['exec', 'nohup', 'sudo', 'env', 'nice', 'ionice', 'setsid', 'command', 'time', 'chrt'],
  ...['gosu', 'su-exec', 'tini', 'dumb-init', 'catatonit', 'stdbuf', 'taskset', 'numactl'],
])

/** A program that starts the one behind it, an option of its, or an assignment. */
export function isWrapper(word: string): boolean {
  return wrappers.has(word.replace(/^.*\//, '')) || /^-|^\d+$|^[A-Za-z_]\w*=/.test(word)
}

function isMember([first]: readonly string[]): boolean {
  return (
    first !== 'grpc-proxy' && first !== 'gateway' && first !== '--version' && first !== '--help'
  )
}

function inContainerRun(words: readonly string[], runtime: string): FoundEtcd | undefined {
  const image = imageAt(words)
  if (image === undefined) return undefined
  const reference = words[image] ?? ''
  // ctr has a name of the container behind the image.
  const command = words.slice(image + (runtime.endsWith('ctr') ? 2 : 1))
  const program = positionOf(command)
  const args = program === undefined ? command : command.slice(program + 1)
  const isItsOwn = isEtcdImage(reference) || command.some(isOwnFlag)
  const startsEtcd = program !== undefined || (isItsOwn && areFlags(command))
  if (!startsEtcd || !isMember(args)) return undefined
  const options = words.slice(0, image)
  const given = valuesOf(options, /^(-e|--env)$/)
  return {
    args,
    variables: given.flatMap(assignmentOf),
    forwarded: given.filter((text) => !text.includes('=')),
    environmentFiles: valuesOf(options, /^--env-file$/),
    image: reference,
  }
}

/** `kubectl run NAME --image=… --env=… -- WORDS`, where the words are those of the image or a command. */
function inPodRun(words: readonly string[]): FoundEtcd | undefined {
  const end = words.indexOf('--')
  const [options, command] = end < 0 ? [words, []] : [words.slice(0, end), words.slice(end + 1)]
  const [image = ''] = valuesOf(options, /^--image$/)
  const program = positionOf(command)
  const args = program === undefined ? command : command.slice(program + 1)
  const startsEtcd = program !== undefined || (isEtcdImage(image) && areFlags(command))
  if (!startsEtcd || !isMember(args)) return undefined
  const variables = valuesOf(options, /^--env$/).flatMap(assignmentOf)
  return { args, variables, environmentFiles: [], forwarded: [], image }
}

/** The first word that is no option and no option's value, behind `run` or `create`. */
function imageAt(words: readonly string[]): number | undefined {
  let at = words.findIndex((word) => /^(run|create)$/.test(word)) + 1
  while (at < words.length) {
    const word = words[at] ?? ''
    if (!word.startsWith('-')) return at
    at += word.includes('=') || withoutValue.test(word) ? 1 : 2
  }
  return undefined
}

/** Options of docker, podman, nerdctl and ctr that take no value. */
const withoutValue =
  /^(-[ditPq]+|--(detach|interactive|tty|rm|rmi|init|privileged|read-only|publish-all|quiet|replace|no-healthcheck|no-hosts|no-hostname|oom-kill-disable|sig-proxy|disable-content-trust|env-host|http-proxy|tls-verify|passwd|net-host|null-io|help))$/

/** Whether the word tells etcd from another program in an image of any name. */
export function isOwnFlag(word: string): boolean {
  return /^--?(listen-client-urls|advertise-client-urls|initial-cluster|listen-peer-urls)\b/.test(
    word,
  )
}

/** What an image of etcd gets behind its own entrypoint: flags, with values behind them, or nothing. */
export function areFlags(words: readonly string[]): boolean {
  return words.length === 0 || /^(-|[$\u{e000}-\u{10ffff}])/u.test(words[0] ?? '')
}

/** Whether the word is the value of a flag of etcd: `--name etcd`. */
function isValue(words: readonly string[], at: number): boolean {
  const before = words[at - 1] ?? ''
  const flag = before.includes('=') ? undefined : flagOf(before)
  return flag !== undefined && !takesNoValue(flag)
}

function assignmentOf(text: string) {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? []
  return name === undefined || value === undefined ? [] : [{ name, value }]
}

/** `-e NAME=value` and `--env=NAME=value`. */
function valuesOf(words: readonly string[], option: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [, name = '', assigned] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(word) ?? []
    if (!option.test(name)) return []
    return [assigned ?? words[index + 1] ?? '']
  })
}

/** A program that runs containers. */
export function isRuntime(word: string): boolean {
  return /(^|\/)(docker|podman|nerdctl|ctr|kubectl)$|^oc$/.test(word)
}

/** A program that gives a shell, of another machine or a terminal, what its last word says. */
export function isRemoteShell(word: string): boolean {
  return /^(.*\/)?(ssh|tmux|screen|vagrant|gcloud|docker-machine|multipass|limactl|lxc|incus)$/.test(
    word,
  )
}

export function isEtcd(word: string): boolean {
  return /^([^-=][^=]*\/|\/)?etcd$|^\/.*\/etcd(2|3|-wrapper)$/.test(word)
}

/**
 * `registry.example/etcd:v3.5.5` → true: its last part before the tag is etcd, or ends in it. Also
 * `${ETCD_IMAGE}`, where nobody knows the value.
 */
export function isEtcdImage(reference: string): boolean {
  if (/^\$\{?(\w*_)?etcd(_?(image|img|container)\w*)?\}?(:.*)?$/i.test(withoutMarks(reference))) {
    return true
  }
  return /(^|[/-])etcd(-(amd64|arm64|wrapper))?(:[^/]*)?(@.*)?$/.test(reference)
}
