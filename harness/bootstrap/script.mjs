import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SetUpError } from './setup-error.mjs'

/**
 * The Node that runs our TypeScript: this one when it is new enough, else the one that the lockfile
 * pins as a package.
 * @param {string} root
 * @returns {string}
 */
export function chooseNode(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const wantedMajor = majorOf(manifest.devDependencies.node)
  if (majorOf(process.versions.node) >= wantedMajor) return process.execPath
  const pinned = join(root, 'node_modules/node/bin/node')
  if (existsSync(pinned)) return pinned
  throw new SetUpError(
    `Expected Node ${wantedMajor} or the \`node\` package in node_modules, got ${process.version}`,
    { remedy: `cd ${root} && rm -rf node_modules && npm ci` },
  )
}

/**
 * What runs when no script is named: it makes the engine and the images ready.
 * @param {string} root
 */
export function preparation(root) {
  return join(root, 'harness/engine/images/prepare.ts')
}

/** @param {string} version such as `^24.21.0` */
function majorOf(version) {
  return Number(/\d+/.exec(version)?.[0])
}

/**
 * Runs a script in this process, as if Node had been started with it.
 * @param {string} script
 * @param {readonly string[]} args
 */
export async function runHere(script, args) {
  const path = resolve(script)
  process.argv = [process.execPath, path, ...args]
  await import(pathToFileURL(path).href)
}

/**
 * Runs a script in another Node in place of this process: it has this process's streams, and this
 * process exits with the script's code or signal.
 * @param {string} node
 * @param {readonly string[]} argv
 */
export function runInChild(node, argv) {
  const child = spawn(node, [...argv], { stdio: 'inherit' })
  passSignals(child)
  child.on('error', (error) => {
    process.stderr.write(`gauntlet: ${node} did not start: ${error.message}\n`)
    process.exitCode = 4
  })
  child.on('exit', (code, signal) => endAs(code, signal))
}

/**
 * Passes signals that only this process received on to a child of its process group. A terminal's
 * Ctrl-C reaches the child anyway. This process stays until the child has exited. Returns a function
 * that stops the passing.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void}
 */
export function passSignals(child) {
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !atTerminal) child.kill(signal)
  }
  for (const signal of passed) process.on(signal, pass)
  return () => {
    for (const signal of passed) process.off(signal, pass)
  }
}

const passed = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function endAs(code, signal) {
  if (signal === null) {
    process.exitCode = code ?? 1
    return
  }
  process.removeAllListeners(signal)
  // An init process ignores some signals: then the usual exit code reports the same.
  process.exitCode = 128 + constants.signals[signal]
  process.kill(process.pid, signal)
}
