import { buffer } from 'node:stream/consumers'
import { done, notYet, poll } from '../../core/poll.ts'
import type { DockerContainer } from '../connect.ts'
import { demultiplex, type Output } from './streams.ts'

export interface ExecOutcome extends Output {
  readonly exitCode: number
}

/**
 * Runs a program in a running container until it exits. A missing program has exit code 126 or 127.
 * Throws when the container is stopped or paused.
 */
export async function execIn(
  container: DockerContainer,
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ExecOutcome> {
  const exec = await container.exec({
    Cmd: [...argv],
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    AttachStdout: true,
    AttachStderr: true,
  })
  const stream = await exec.start({ hijack: true, stdin: false })
  const { stdout, stderr } = demultiplex(await buffer(stream))
  return { exitCode: await exitCodeOf(exec), stdout, stderr }
}

/** The stream may close a moment before the engine records the code. */
function exitCodeOf(exec: Awaited<ReturnType<DockerContainer['exec']>>): Promise<number> {
  return poll(
    async () => {
      const { Running, ExitCode } = await exec.inspect()
      return Running || ExitCode === null ? notYet('still running') : done(ExitCode)
    },
    {
      what: 'the exit code of a program whose output is complete',
      deadlineMs: 10_000,
      intervalMs: 5,
      whose: 'engine',
    },
  )
}
