import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from '../../../core/errors.ts'
import { silentLog } from '../../../core/log.ts'
import { connectEngine } from '../../connect.ts'
import { runTool } from '../../container/tool.ts'
import { ensureToolbox } from '../ensure-built.ts'
import { resolveImage } from '../resolve.ts'

test('programs that are no etcd are an input error, and leave no image behind', async () => {
  const engine = await connectEngine()
  const toolbox = await ensureToolbox({ log: silentLog })
  const { files } = await runTool(engine, {
    runId: 'binaries-suite',
    image: toolbox,
    argv: ['true'],
    fetch: '/usr/bin/busybox',
  })
  const directory = await mkdtemp(join(tmpdir(), 'gauntlet-no-etcd-'))
  try {
    for (const name of ['etcd', 'etcdctl', 'etcdutl']) {
      await writeFile(join(directory, name), files[0]?.content ?? '', { mode: 0o755 })
    }
    const images = async () => (await engine.docker.listImages()).map(({ Id }) => Id).sort()
    const before = await images()
    const choice = { binaries: directory, architecture: 'native', allowBuild: true } as const
    const resolving = resolveImage({ ...choice, log: silentLog })
    await expect(resolving).rejects.toThrow(InputError)
    await expect(resolving).rejects.toThrow(/^Expected etcd in \S+ to print its version, got: \S/)
    expect(await images()).toEqual(before)
  } finally {
    await rm(directory, { recursive: true })
  }
})
