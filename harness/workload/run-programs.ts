import {
  type ClientProcess,
  createClientProcess,
  type ProgramOptions,
  pause,
} from './client-process.ts'
import type { Client, ProgramClient, Turn } from './program.ts'
import { programs } from './programs/index.ts'
import type { ProgramName } from './workload.ts'

export interface Programs extends AsyncDisposable {
  /** The programs of which no client has yet been served for a whole turn. */
  unserved(): readonly ProgramName[]
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
  const { clients = createProgramClients(options) } = options
  const running = clients.map((one) => startClient(options, one))
  const unserved = new Set(options.specs.map(({ name }) => name))
  const taking = Promise.all(
    running.map((one) => takeTurns(one, stopping.signal, () => unserved.delete(one.name))),
  )
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
    unserved: () => [...unserved],
    finish,
    [Symbol.asyncDispose]: async () => {
      disposing.abort()
      await finish()
    },
  }
}

interface Running {
  readonly name: ProgramName
  readonly client: Client
  readonly process: ClientProcess
  readonly intervalMs: number
  readonly phaseMs: number
}

/** Every client of every program; what it remembers outlives one start of the programs. */
export function createProgramClients({
  specs,
  random,
  leaseSlackMs,
}: Pick<ProgramOptions, 'specs' | 'random' | 'leaseSlackMs'>): readonly ProgramClient[] {
  return specs.flatMap((spec) =>
    Array.from({ length: spec.clients }, (_, index) => {
      const place = { client: index, random: random.fork(`${spec.name}/${index}`), leaseSlackMs }
      return { client: programs[spec.name](place), spec, index }
    }),
  )
}

function startClient(options: ProgramOptions, { client, spec, index }: ProgramClient): Running {
  const intervalMs = (1_000 * spec.clients) / spec.ratePerS
  return {
    name: spec.name,
    client,
    process: createClientProcess(options, index),
    intervalMs,
    phaseMs: (intervalMs * index) / spec.clients,
  }
}

async function takeTurns(
  { client, process, intervalMs, phaseMs }: Running,
  signal: AbortSignal,
  onServed: () => void,
): Promise<void> {
  let dueMs = performance.now() + phaseMs
  const untilDue = async () => {
    await pause(dueMs - performance.now(), signal)
    dueMs = Math.max(dueMs, performance.now()) + intervalMs
  }
  while (!signal.aborted) {
    if (await run(client.turn(), process, signal, untilDue)) onServed()
  }
}

/**
 * Runs one turn, to its end or to the first answer that ends it. Resolves to whether it came to its
 * end and etcd served every request.
 */
async function run(
  turn: Turn,
  process: ClientProcess,
  signal: AbortSignal,
  untilDue: () => Promise<void> = async () => {},
): Promise<boolean> {
  let isServed = true
  for (let next = turn.next(); next.done !== true && !signal.aborted; ) {
    await untilDue()
    if (signal.aborted) return false
    const step = next.value
    const completion = await process.take(step, signal)
    if (completion.type !== 'ok') process.moveOn()
    if (completion.type !== 'ok' && step.tolerant !== true) return false
    isServed &&= completion.type === 'ok'
    next = turn.next(completion)
  }
  return isServed && !signal.aborted
}
