import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

/**
 * The process that started something: enough to distinguish a killed run's leftovers from a running
 * neighbour's. A process id alone is not: ids repeat, within a boot and across boots and containers.
 */
export interface Owner {
  /** The machine: its name and its machine-id, because names repeat and so do copied ids. */
  readonly host: string
  /** Changes when the machine restarts. */
  readonly boot: string
  /** Process ids mean something only within one namespace of them. */
  readonly namespace: string
  readonly pid: number
  /** When that process started, in the system's own notation. */
  readonly started: string
}

export function currentOwner(): Owner {
  return {
    host: hostOf(hostname(), machineId()),
    boot: bootId(),
    namespace: processNamespace(),
    pid: process.pid,
    started: startOf(process.pid) ?? 'unknown',
  }
}

export function formatOwner(owner: Owner): string {
  return [owner.host, owner.boot, owner.namespace, owner.pid, owner.started].join('/')
}

export function parseOwner(text: string): Owner | undefined {
  const [host, boot, namespace, pid, started, ...rest] = text.split('/')
  if (!host || !boot || !namespace || !pid || !started || rest.length > 0) return undefined
  return { host, boot, namespace, pid: Number(pid), started }
}

/**
 * Whether the owner still runs. An owner out of sight (another host at the same engine, another
 * process namespace) counts as alive: a neighbour's containers are never swept by guess.
 */
export function isAlive(owner: Owner, self: Owner = currentOwner()): boolean {
  if (owner.host !== self.host) return true
  if (owner.boot !== self.boot) return false
  if (owner.namespace !== self.namespace) return true
  return startOf(owner.pid) === owner.started
}

function hostOf(name: string, id: string): string {
  return `${name}+${id}`.replaceAll('/', '-')
}

/** The machine's id from systemd or D-Bus; empty where there is neither. */
function machineId(): string {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      return readFileSync(file, 'utf8').trim()
    } catch {}
  }
  return ''
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return String(Math.round((Date.now() / 1000 - uptime()) / 60))
  }
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '') || 'none'
  } catch {
    return 'none'
  }
}

/** Undefined when no such process runs; a zombie does not. */
function startOf(pid: number): string | undefined {
  return process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid)
}

function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore']
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { stdio })
    return text.toString().trim().replaceAll(/\s+/g, '-') || undefined
  } catch {
    return undefined
  }
}
