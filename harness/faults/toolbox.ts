/** The command of one of the toolbox image's own programs, such as `delay-proxy.py`. */
export function toolboxProgram(file: string, ...args: readonly (string | number)[]): string[] {
  const interpreter = file.endsWith('.py') ? 'python3' : 'sh'
  return [interpreter, `/usr/lib/gauntlet/${file}`, ...args.map(String)]
}
