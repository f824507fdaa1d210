import {
  type ClientProcess,
  createClientProcess,
  type ProgramOptions,
  pause,
} from './client-process.ts'
import type { Client, Turn } from './program.ts'
import { programs } from './programs/index.ts'
import type { ProgramSpec } from './workload.ts'

export interface Programs extends AsyncDisposable {
  /**
   * Takes no more turns, waits for open requests and sends the last requests. Throws the first error
   * of the recorder or of a program.
   */
  finish(): Promise<void>
}

/**
 * Runs every client of every program, each with one open request at a time, at even distances; a late
 * request delays its client's next. After anything but `ok` the turn ends, and the client continues
 * with a new process at the next member. Disposing waits for open requests only.
 */
export function startPrograms(options: ProgramOptions): Programs {
  const stopping = new AbortController()
  const disposing = new AbortController()
  const running = options.specs.flatMap((spec) =>
    Array.from({ length: spec.clients }, (_, index) => startClient(options, spec, index)),
  )
  const taking = Promise.all(running.map((one) => takeTurns(one, stopping.signal)))
  taking.catch(() => stopping.abort())
  const end = async () => {
    stopping.abort()
    await taking
    await Promise.all(
      running.map(
        ({ client, process }) => client.finish && run(client.finish(), process, disposing.signal),
      ),
    )
  }
  let finished: Promise<void> | undefined
  const finish = () => {
    finished ??= end()
    return finished
  }
  return {
    finish,
    [Symbol.asyncDispose]: async () => {
      disposing.abort()
      await finish()
    },
  }
}

interface Running {
  readonly client: Client
  readonly process: ClientProcess
  readonly intervalMs: number
  readonly phaseMs: number
}

function startClient(options: ProgramOptions, spec: ProgramSpec, index: number): Running {
  const { random, leaseSlackMs } = options
  const place = { client: index, random: random.fork(`${spec.name}/${index}`), leaseSlackMs }
  const intervalMs = (1_000 * spec.clients) / spec.ratePerS
  return {
    client: programs[spec.name](place),
    process: createClientProcess(options, index),
    intervalMs,
    phaseMs: (intervalMs * index) / spec.clients,
  }
}

async function takeTurns(
  { client, process, intervalMs, phaseMs }: Running,
  signal: AbortSignal,
): Promise<void> {
  let dueMs = performance.now() + phaseMs
  const untilDue = async () => {
    await pause(dueMs - performance.now(), signal)
    dueMs = Math.max(dueMs, performance.now()) + intervalMs
  }
  while (!signal.aborted) await run(client.turn(), process, signal, untilDue)
}

/** Runs one turn, to its end or to the first answer that ends it. */
async function run(
  turn: Turn,
  process: ClientProcess,
  signal: AbortSignal,
  untilDue: () => Promise<void> = async () => {},
): Promise<void> {
  for (let next = turn.next(); next.done !== true && !signal.aborted; ) {
    await untilDue()
    if (signal.aborted) return
    const step = next.value
    const completion = await process.take(step, signal)
    if (completion.type !== 'ok') process.moveOn()
    if (completion.type !== 'ok' && step.tolerant !== true) return
    next = turn.next(completion)
  }
}
