import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { defaultHost, engineRequest, searchEngine } from './engine-find.mjs'
import { engineRemedy } from './engine-remedy.mjs'
import { ensurePackages } from './packages.mjs'
import { lastLines, run } from './run.mjs'
import { isInstallForbidden, SetUpError, stderrLog } from './setup-error.mjs'
import { detectSystem, findProgram } from './system.mjs'

const startDeadlineMs = 60_000

/**
 * Returns the container engine that answers. Where none does and this is Debian or Ubuntu as root,
 * installs the distribution's engine, starts its daemon detached and returns that. Never stops or
 * reconfigures an engine. Sets DOCKER_HOST for this process and its children when the engine is not
 * where every library looks. Throws a SetUpError (exit code 4) with the exact command for this
 * system where it cannot provide one.
 * @param {{ log?: import('./setup-error.mjs').Log }} [options]
 * @returns {Promise<{ host: string, started: boolean }>}
 */
export async function ensureEngine({ log = stderrLog } = {}) {
  const { found, attempts } = await searchEngine()
  if (found !== undefined) return adopt(found.host, false)
  const system = detectSystem()
  const tried = attempts.map(({ host, problem }) => `${host}: ${problem}`).join('; ')
  const problem = `No container engine answers (${tried || 'no socket in the usual places'})`
  const asked = process.env.DOCKER_HOST ?? ''
  if (asked !== '' && asked !== defaultHost) {
    throw new SetUpError(`${problem}; DOCKER_HOST names it`, { remedy: 'unset DOCKER_HOST' })
  }
  const remedy = engineRemedy(system, attempts)
  if (isInstallForbidden()) {
    throw new SetUpError(`${problem}; GAUNTLET_NO_INSTALL forbids to set one up`, { remedy })
  }
  const startable = system.family === 'debian' || findProgram('dockerd') !== undefined
  if (!system.root || !startable) throw new SetUpError(problem, { remedy })
  log.step(`${problem.toLowerCase()}: setting up this system's own`)
  if (system.family === 'debian') await ensureDaemonPackages(log)
  await startDaemon(log)
  return adopt(defaultHost, true)
}

/** @param {import('./setup-error.mjs').Log} log */
async function ensureDaemonPackages(log) {
  const wanted = [
    ...(findProgram('dockerd') === undefined ? ['docker.io'] : []),
    ...(findProgram('iptables') === undefined ? ['iptables'] : []),
  ]
  await ensurePackages(wanted, { why: 'a container engine', log })
}

/**
 * @param {string} host
 * @param {boolean} started
 */
function adopt(host, started) {
  if (host !== defaultHost) process.env.DOCKER_HOST ??= host
  return { host, started }
}

/**
 * Starts the daemon and waits until it answers. The daemon has its own session and log file: it
 * outlives this process and holds none of its streams.
 * @param {import('./setup-error.mjs').Log} log
 */
async function startDaemon(log) {
  if (existsSync('/run/systemd/system')) {
    log.step('starting the container engine: systemctl start docker')
    const ran = await run('systemctl', ['start', 'docker'], { timeoutMs: startDeadlineMs })
    const logged = () => `${ran.stderr}\nSee: journalctl -u docker -n 50`
    return untilAnswering(logged, () => ran.code !== 0)
  }
  const logFile = daemonLogFile()
  log.step(`starting the container engine: dockerd, logging to ${logFile}`)
  const file = openSync(logFile, 'a')
  const { DOCKER_HOST: _asked, ...env } = process.env
  const daemon = spawn(findProgram('dockerd') ?? 'dockerd', [], {
    detached: true,
    stdio: ['ignore', file, file],
    cwd: '/',
    env,
  })
  closeSync(file)
  let ended = false
  daemon.on('exit', () => {
    ended = true
  })
  daemon.on('error', () => {
    ended = true
  })
  daemon.unref()
  return untilAnswering(
    () => readFileSync(logFile, 'utf8'),
    () => ended,
  )
}

/**
 * @param {() => string} logged
 * @param {() => boolean} hasExited
 */
async function untilAnswering(logged, hasExited) {
  const deadlineMs = Date.now() + startDeadlineMs
  // A daemon exits where another starts at the same moment: wait 5 s for that one.
  let endedMs = 0
  while (Date.now() < deadlineMs && (endedMs === 0 || Date.now() - endedMs < 5_000)) {
    const answer = await engineRequest(defaultHost, '/_ping', { timeoutMs: 2_000 }).catch(
      () => null,
    )
    if (answer?.status === 200) return
    if (hasExited() && endedMs === 0) endedMs = Date.now()
    await delay(100)
  }
  const last = lastLines(logged(), 15)
  throw new SetUpError(
    `The container engine did not answer after its start; its log ends:\n${last}`,
  )
}

function daemonLogFile() {
  const usual = '/var/log/gauntlet-dockerd.log'
  try {
    closeSync(openSync(usual, 'a'))
    return usual
  } catch {
    return join(tmpdir(), 'gauntlet-dockerd.log')
  }
}
