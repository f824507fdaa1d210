import { beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../core/log.ts'
import { done, notYet, poll } from '../../core/poll.ts'
import { probeCapabilities } from '../capabilities/probe.ts'
import { labelsOf } from '../cleanup/labels.ts'
import { connectEngine, type Engine } from '../connect.ts'
import { containerOf, type EngineContainer } from '../container/lifecycle.ts'
import { engineArchitecture } from './inspect.ts'
import { resolveImage } from './resolve.ts'

const runId = 'emulation-suite'

let engine: Engine
let missing: string | undefined
beforeAll(async () => {
  engine = await connectEngine()
  const emulation = (await probeCapabilities()).find(({ name }) => name === 'emulation')
  const native = await engineArchitecture(engine)
  if (native !== 'amd64') missing = 'arm64 is not foreign to this engine'
  else if (!emulation?.available) missing = `no emulation: ${emulation?.detail}`
})

const arm64 = (version: string) =>
  resolveImage({ version, architecture: 'arm64', allowBuild: true, log: silentLog })

test('an arm64 image is recognized as emulated, and its etcd answers its own etcdctl', async (context) => {
  context.skip(missing !== undefined, missing)
  const image = await arm64('3.5.16')
  expect(image).toMatchObject({ architecture: 'arm64', emulated: true, version: '3.5.16' })
  await using member = await startEtcd(image.reference)
  await poll(
    async () => {
      const { exitCode, stderr } = await member.exec(['etcdctl', 'endpoint', 'health'])
      return exitCode === 0 ? done(undefined) : notYet(stderr.slice(-200))
    },
    { what: 'the arm64 member to be healthy', deadlineMs, intervalMs: 200 },
  )
  expect((await member.exec(['etcdctl', 'put', 'k', 'v'])).stdout).toBe('OK\n')
})

/** Upstream's 3.4 exits without the variable; Debian's is patched to warn and go on. */
test('etcd 3.4 on arm64 starts only when ETCD_UNSUPPORTED_ARCH names the architecture', async (context) => {
  context.skip(missing !== undefined, missing)
  const { reference } = await arm64('3.4.23')
  await using without = await startEtcd(reference)
  await untilLogged(without, /without ETCD_UNSUPPORTED_ARCH=arm64 set/)
  await using named = await startEtcd(reference, ['ETCD_UNSUPPORTED_ARCH=arm64'])
  await untilLogged(named, /"arm64" since ETCD_UNSUPPORTED_ARCH is set/)
})

test('etcd 3.5 on arm64 does not know ETCD_UNSUPPORTED_ARCH, so it must not be set', async (context) => {
  context.skip(missing !== undefined, missing)
  const { reference } = await arm64('3.5.16')
  await using member = await startEtcd(reference, ['ETCD_UNSUPPORTED_ARCH=arm64'])
  await untilLogged(member, /unrecognized environment variable.*ETCD_UNSUPPORTED_ARCH=arm64/)
})

const deadlineMs = 60_000

async function startEtcd(image: string, environment: readonly string[] = []) {
  const { id } = await engine.docker.createContainer({
    Image: image,
    Entrypoint: ['etcd'],
    Env: [...environment],
    Labels: labelsOf({ runId }, 'tool'),
    HostConfig: { NetworkMode: 'none' },
  })
  const container = containerOf(engine, id)
  await container.start()
  return container
}

async function untilLogged(container: EngineContainer, expected: RegExp): Promise<void> {
  await poll(
    async () => {
      const logged = await container.logs()
      return expected.test(logged) ? done(undefined) : notYet(logged.slice(-300))
    },
    { what: `the log to say ${expected}`, deadlineMs, intervalMs: 200 },
  )
}
