import { setTimeout as delay } from 'node:timers/promises'
import { Command } from 'commander'
import { exitCodes, InputError } from '../../core/errors.ts'
import { changesBetween } from '../../verify/changes.ts'
import { allChecks } from '../../verify/checks/all-checks.ts'
import type { LookOptions } from '../../verify/look-at-cluster.ts'
import { reportOn, type VerifyReport } from '../../verify/report.ts'
import { formatJsonLine } from '../format/json-line.ts'
import { formatChange, formatReport } from '../format/verify.ts'
import { keptIds, readKept } from '../kept-cluster.ts'
import { accessOptions, parseUser, placesOf, readCredentials } from '../options/access.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText, durationMs, oneOf, wholeNumber } from '../options/value.ts'
import { stopOnInterrupt } from '../process/events.ts'

const verifyOptions = {
  endpoints: {
    flags: '--endpoints <urls>',
    description: 'client URLs of the cluster, separated by commas',
    value: anyText,
  },
  httpEndpoints: {
    flags: '--http-endpoints <urls>',
    description: 'where /health and /metrics are served, one URL for each endpoint, if elsewhere',
    value: anyText,
  },
  ...accessOptions,
  user: {
    flags: '--user <name:password>',
    description: 'with authentication: a user, of the role root to compare hashes',
    value: anyText,
  },
  timeout: {
    flags: '--timeout <time>',
    description: 'of each request',
    value: durationMs,
    default: 3_000,
  },
  minDays: {
    flags: '--min-days <count>',
    description: 'a certificate that ends in fewer days is a fault',
    value: wholeNumber,
    default: 30,
  },
  skip: {
    flags: '--skip <check>',
    description: 'leave out a check, such as hash, which reads all keys; may be repeated',
    values: oneOf(...allChecks.map(({ name }) => name)),
  },
  watch: { flags: '--watch', description: 'look again and again, and say only what changed' },
  interval: {
    flags: '--interval <time>',
    description: 'with --watch: between two looks (default 5s)',
    value: durationMs,
  },
  for: {
    flags: '--for <time>',
    description: 'with --watch: how long, such as 10m',
    value: durationMs,
  },
  count: {
    flags: '--count <number>',
    description: 'with --watch: how many looks',
    value: wholeNumber,
  },
  json: {
    flags: '--json',
    description: 'print the report, and with --watch each change, as a line of JSON',
  },
} as const satisfies OptionTable

type VerifyOptions = ValuesOf<typeof verifyOptions>

const help = `
Read-only, on a cluster of your own or one that \`gauntlet up\` keeps. docs/VERIFY.md has the checks.

Examples:
  gauntlet verify                                         the cluster that \`gauntlet up\` keeps
  gauntlet verify --endpoints https://10.0.0.1:2379 --cacert ca.crt --cert client.crt --key client.key
  gauntlet verify --watch --for 10m`

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('look at a living cluster, without a change: members, data, certificates')
    .argument('[id]', 'of a kept cluster, as `gauntlet up` printed it; default the only one')
    .addHelpText('after', help)
    .action(verify)
  return addOptions(command, verifyOptions)
}

async function verify(id: string | undefined, options: VerifyOptions): Promise<void> {
  const reach = accessOf(id, options)
  const { skip, minDays } = options
  const look = async () => {
    const { lookAtCluster } = await import('../../verify/look-at-cluster.ts')
    const { view, requests } = await lookAtCluster(reach)
    return reportOn(view, { minDays, skip, requests })
  }
  const seen =
    options.watch === true ? await watch(look, options) : [await printFirst(look, options)]
  process.exitCode = exitCodeOf(seen)
}

function accessOf(id: string | undefined, options: VerifyOptions): LookOptions {
  const { watch: watches, interval, for: forMs, count, timeout: timeoutMs, skip, user } = options
  if (watches !== true && [interval, forMs, count].some((value) => value !== undefined)) {
    throw new InputError('Expected `--watch` beside `--interval`, `--for` or `--count`, got none')
  }
  const asking = { timeoutMs, withHash: !skip.includes('hash') }
  const as = (given: string | undefined) => (given === undefined ? {} : { user: parseUser(given) })
  if (options.endpoints === undefined) {
    if (id === undefined && keptIds().length === 0) {
      throw new InputError(
        'Expected `--endpoints`, or a cluster that `gauntlet up` keeps, got none',
      )
    }
    const { kept, credentials } = readKept(id)
    const endpoints = kept.members.map(toPlace)
    return { ...asking, ...as(user ?? kept.user), credentials, endpoints }
  }
  if (id !== undefined) {
    throw new InputError(`Expected an id or \`--endpoints\`, got both \`${id}\` and endpoints`)
  }
  const endpoints = placesOf(options)
  return { ...asking, ...as(user), credentials: readCredentials(options), endpoints }
}

const toPlace = ({ clientEndpoint }: { readonly clientEndpoint: string }) => ({
  url: clientEndpoint,
})

async function printFirst(
  look: () => Promise<VerifyReport>,
  { json }: VerifyOptions,
): Promise<VerifyReport> {
  const report = await look()
  process.stdout.write(json === true ? `${formatJsonLine(report)}\n` : formatReport(report))
  return report
}

const defaultIntervalMs = 5_000

/** Until the time or the count is over, or the user interrupts. Resolves to all verdicts seen. */
async function watch(
  look: () => Promise<VerifyReport>,
  options: VerifyOptions,
): Promise<readonly Pick<VerifyReport, 'verdict'>[]> {
  const { json, interval = defaultIntervalMs, for: forMs = Infinity, count = Infinity } = options
  const interrupt = new AbortController()
  const forget = stopOnInterrupt(() => interrupt.abort())
  const untilMs = performance.now() + forMs
  let last = await printFirst(look, options)
  const seen = [{ verdict: last.verdict }]
  try {
    while (seen.length < count && performance.now() + interval < untilMs) {
      await delay(interval, undefined, { signal: interrupt.signal }).catch(() => {})
      if (interrupt.signal.aborted) break
      const next = await look()
      for (const change of changesBetween(last, next)) {
        process.stdout.write(json === true ? `${formatJsonLine(change)}\n` : formatChange(change))
      }
      last = next
      seen.push({ verdict: next.verdict })
    }
  } finally {
    forget()
  }
  return seen
}

/** A fault that was seen at any time decides. */
function exitCodeOf(seen: readonly Pick<VerifyReport, 'verdict'>[]): number {
  const verdicts = new Set(seen.map(({ verdict }) => verdict))
  if (verdicts.has('faulty')) return exitCodes.broken
  return verdicts.has('unreachable') ? exitCodes.environment : exitCodes.held
}
