import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheCompiledModules } from './cache.mjs'
import { ensureModules } from './modules.mjs'
import { chooseNode, preparation, runHere, runInChild } from './script.mjs'

/*
 * node harness/bootstrap/bootstrap.mjs [SCRIPT.ts ARG…]
 *
 * Prepares a bare checkout and runs SCRIPT on a Node that reads TypeScript. Without SCRIPT it also
 * prepares the engine and the images. Plain JavaScript for Node 18 and later, because nothing is
 * installed when it starts.
 */

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

const [script = preparation(root), ...args] = process.argv.slice(2)
const node = await prepare()

// A second process would cost as much as the whole of a small command.
if (node === process.execPath) {
  cacheCompiledModules()
  await runHere(script, args)
} else if (node !== undefined) runInChild(node, [script, ...args])

/** The Node for the script; undefined when there is none, which is on standard error then. */
async function prepare() {
  try {
    await ensureModules(root)
    return chooseNode(root)
  } catch (error) {
    const { message, exitCode } = /** @type {import('./setup-error.mjs').SetUpError} */ (error)
    process.stderr.write(`gauntlet: ${message}\n`)
    process.exitCode = exitCode ?? 1
    return undefined
  }
}
