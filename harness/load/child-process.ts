import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DeadlineError, EnvironmentError, GuaranteeBrokenError } from '../core/errors.ts'
import type { Generator, Load, MeasuredLoad } from './generator.ts'
import type { GeneratorAnswer, Order } from './generator-process.ts'
import type { GeneratorName } from './generators.ts'
import { readsKeys } from './lean/prepare-keys.ts'

/** On top of the load's own time: for the start and the last answers. */
const graceMs = 30_000

/**
 * A generator in a child process: its cost can be measured, and neither it nor the workload blocks
 * the other. The process has exited when `run` settles.
 */
export function inChildProcess(name: GeneratorName): Generator {
  return { name, run: (load, signal) => runInChild({ name, load }, signal) }
}

async function runInChild(order: Order, signal?: AbortSignal): Promise<MeasuredLoad> {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js'
  const child = fork(join(import.meta.dirname, `generator-process.${extension}`), {
    // etcd3 sends an address as its TLS server name, of which Node warns once a process.
    execArgv: ['--disable-warning=DEP0123'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const stop = () => child.connected && child.send('stop')
  try {
    child.send(order)
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop)
    return measuredIn(await answerOf(child, order.load))
  } finally {
    signal?.removeEventListener('abort', stop)
    child.kill('SIGKILL')
    await exited
  }
}

async function answerOf(child: ChildProcess, load: Load): Promise<GeneratorAnswer> {
  const deadlineMs = answerDeadlineMs(load)
  const { promise, resolve, reject } = Promise.withResolvers<GeneratorAnswer>()
  const late = setTimeout(() => {
    reject(new DeadlineError(`Waited ${deadlineMs} ms for the generator's process to answer`))
  }, deadlineMs)
  child.once('message', (answer) => resolve(answer as GeneratorAnswer))
  child.once('error', reject)
  child.once('exit', (code, signal) => {
    const found = `exit ${code ?? signal}`
    reject(new EnvironmentError(`Expected the generator's process to answer, got ${found}`))
  })
  return promise.finally(() => clearTimeout(late))
}

/** Timers take no more. */
const longestTimerMs = 2 ** 31 - 1

/** For how long the answer is awaited: each client may write its keys first, one after another. */
export function answerDeadlineMs(load: Load): number {
  const { warmUpMs, windowMs, timeoutMs, keys, clients } = load
  const preparingMs = readsKeys(load) ? Math.ceil(keys / clients) * timeoutMs : 0
  return Math.min(longestTimerMs, preparingMs + warmUpMs + windowMs + 4 * timeoutMs + graceMs)
}

function measuredIn(answer: GeneratorAnswer): MeasuredLoad {
  if ('measured' in answer) return answer.measured
  const { message, broken } = answer
  throw broken === undefined
    ? new EnvironmentError(message)
    : new GuaranteeBrokenError(message, broken)
}
