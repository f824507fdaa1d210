/** The command of a program of docker/toolbox/, such as `delay-proxy.py`, in the toolbox image. */
export function toolboxProgram(file: string, ...args: readonly (string | number)[]): string[] {
  const interpreter = file.endsWith('.py') ? 'python3' : 'sh'
  return [interpreter, `/usr/lib/gauntlet/${file}`, ...args.map(String)]
}
