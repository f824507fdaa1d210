/**
 * How the user starts this program again: by npm in a checkout, by npx or by its name where it is
 * installed. `root` is the folder of the package.
 */
export function ownCommand(
  root: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (!/[\\/]node_modules[\\/]/.test(root)) return 'npm run -s gauntlet --'
  const isBelowNpm = environment.npm_command !== undefined
  return isBelowNpm ? 'npx gauntlet' : 'gauntlet'
}
