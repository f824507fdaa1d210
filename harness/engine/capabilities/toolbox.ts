import { messageOf } from '../../core/errors.ts'
import type { Engine } from '../connect.ts'
import { startIdleToolbox } from '../container/idle-toolbox.ts'
import type { EngineContainer } from '../container/lifecycle.ts'
import { type Capability, type CapabilityName, capability } from './capability.ts'

/** Each is tried for real, on the loopback of a network namespace that has nothing else. */
const trials: readonly (readonly [CapabilityName, string])[] = [
  ['sidecar', 'ip address add 127.9.9.9/32 dev lo'],
  ['iptables', 'iptables -w -A INPUT -s 127.9.9.9 -j DROP'],
  [
    'iptables-statistic',
    'iptables -w -A INPUT -s 127.9.9.9 -m statistic --mode random --probability 0.5 -j DROP',
  ],
  ['netem', 'tc qdisc replace dev lo root netem delay 0ms'],
  ['tbf', 'tc qdisc replace dev lo root tbf rate 1mbit burst 32kbit latency 400ms'],
]

/**
 * Tries every network fault's means, and pausing, in one toolbox container that has NET_ADMIN and
 * no other capability, as a sidecar has.
 */
export async function probeInToolbox(engine: Engine, toolbox: string): Promise<Capability[]> {
  try {
    await using container = await startIdleToolbox(engine, {
      runId: 'doctor',
      name: 'doctor',
      image: toolbox,
      hostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN'] },
    })
    return [...(await tryCommands(container)), await tryPause(container)]
  } catch (thrown) {
    return [...trials.map(([name]) => name), 'pause' as const].map((name) =>
      capability(name, false, messageOf(thrown)),
    )
  }
}

async function tryCommands(container: EngineContainer): Promise<Capability[]> {
  const script = trials.map(([, command]) => `out=$(${command} 2>&1); echo "$?" $out`).join('\n')
  const { stdout } = await container.exec(['sh', '-c', script])
  const lines = stdout.split('\n')
  return trials.map(([name, command], index) => {
    const [code, ...output] = (lines[index] ?? '').split(' ')
    const detail = output.join(' ') || (code === '0' ? `\`${command}\` works` : 'no answer')
    return capability(name, code === '0', detail)
  })
}

async function tryPause(container: EngineContainer): Promise<Capability> {
  try {
    await container.pause()
    const { paused } = await container.state()
    await container.resume()
    return capability('pause', paused, paused ? 'a container was paused' : 'it kept running')
  } catch (thrown) {
    return capability('pause', false, messageOf(thrown))
  }
}
