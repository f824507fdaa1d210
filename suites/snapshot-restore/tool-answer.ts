import { ToolError, type ToolResult } from '../../harness/index.ts'

/**
 * Exit statuses of an answer of etcd's own: 0 is success, 1 is an error, 2 is Go's for a panic and 3
 * is what 3.3 gives for a wrong hash (pkg/cobrautl/exit.go). Others are wrong arguments, a failed read
 * or a signal.
 */
const answers = [0, 1, 2, 3]

/** How Linux and the command line's parser say that etcd's tool could not work. */
const obstacles =
  /no space left on device|cannot allocate memory|out of memory|too many open files|input\/output error|permission denied|read-only file system|no such file or directory|unknown (?:command|flag|shorthand flag)/i

/**
 * The result of etcdctl or etcdutl, which succeeded or rejected the snapshot. Throws a ToolError when
 * the program could not work here, which says nothing about the snapshot.
 */
export function expectAnswer(result: ToolResult): ToolResult {
  const isAnswer = answers.includes(result.exitCode)
  const isObstacle = result.exitCode !== 0 && obstacles.test(result.stdout + result.stderr)
  if (isAnswer && !isObstacle) return result
  throw new ToolError(`Expected etcd's tool to judge a snapshot, got ${formatResult(result)}`, {
    exitCode: result.exitCode,
  })
}

export function formatResult(result: ToolResult): string {
  return `exit status ${result.exitCode}: ${lastLine(result)}`
}

/** The last line of a program's output. */
function lastLine({ stdout, stderr }: ToolResult): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.at(-1)?.slice(0, 300) ?? 'nothing'
}
