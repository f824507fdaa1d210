import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DeadlineError, EnvironmentError, GuaranteeBrokenError } from '../core/errors.ts'
import type { ClosedLoad, Generator, Measured } from './generator.ts'
import type { Answer, Order } from './generator-process.ts'
import type { GeneratorName } from './generators.ts'

/** Beyond the time that the load may take by itself: its start, its last answers. */
const graceMs = 30_000

/**
 * A generator in a process of its own: what it costs can be measured, and neither it nor the
 * workload waits for the other's turn. The process is gone when `run` is over, whatever happened.
 */
export function inChildProcess(name: GeneratorName): Generator {
  return { name, run: (load) => runApart(name, load) }
}

async function runApart(name: GeneratorName, load: ClosedLoad): Promise<Measured> {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js'
  const child = fork(join(import.meta.dirname, `generator-process.${extension}`), {
    // etcd3 names an address in its TLS greeting, of which Node warns once a process.
    execArgv: ['--disable-warning=DEP0123'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  try {
    child.send({ name, load } satisfies Order)
    return measuredIn(await answerOf(child, load))
  } finally {
    child.kill('SIGKILL')
    await exited
  }
}

async function answerOf(child: ChildProcess, load: ClosedLoad): Promise<Answer> {
  const deadlineMs = load.warmUpMs + load.windowMs + 4 * load.timeoutMs + graceMs
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const late = setTimeout(() => {
    reject(new DeadlineError(`Waited ${deadlineMs} ms for the generator's process to be done`))
  }, deadlineMs)
  child.once('message', (answer) => resolve(answer as Answer))
  child.once('error', reject)
  child.once('exit', (code, signal) => {
    const found = `exit ${code ?? signal}`
    reject(new EnvironmentError(`Expected the generator's process to answer, got ${found}`))
  })
  return promise.finally(() => clearTimeout(late))
}

function measuredIn(answer: Answer): Measured {
  if ('measured' in answer) return answer.measured
  const { message, broken } = answer
  throw broken === undefined
    ? new EnvironmentError(message)
    : new GuaranteeBrokenError(message, broken)
}
