import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureModules } from './modules.mjs'
import { chooseNode, preparation, runScript } from './script.mjs'

/*
 * node harness/bootstrap/bootstrap.mjs [SCRIPT.ts ARG…]
 *
 * Prepares a bare checkout and runs SCRIPT on a Node that reads TypeScript. Without SCRIPT it also
 * prepares the engine and the images. Plain JavaScript for Node 18 and later, because nothing is
 * installed when it starts.
 */

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

try {
  await ensureModules(root)
  const argv = process.argv.slice(2)
  runScript(chooseNode(root), argv.length === 0 ? [preparation(root)] : argv)
} catch (error) {
  const { message, exitCode } = /** @type {import('./setup-error.mjs').SetUpError} */ (error)
  process.stderr.write(`gauntlet: ${message}\n`)
  process.exitCode = exitCode ?? 1
}
