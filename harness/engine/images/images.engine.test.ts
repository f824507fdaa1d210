import { randomBytes } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { InputError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { silentLog } from '../../core/log.ts'
import { removeImage } from '../cleanup/remove.ts'
import { connectEngine, type Engine } from '../connect.ts'
import { runTool } from '../container/tool.ts'
import { buildImage } from './build.ts'
import { loadCatalogue } from './catalogue.ts'
import { ensureToolbox } from './ensure-built.ts'
import { inspectImage } from './inspect.ts'
import { inputsHash, inputsLabel, toolboxRecipe } from './recipe.ts'
import { resolveImage } from './resolve.ts'

let engine: Engine
beforeAll(async () => {
  engine = await connectEngine()
})

const runId = 'images-suite'

test('the default image is 3.5.16, small, labelled, and no leftover', async () => {
  const image = await resolveImage({ architecture: 'native', allowBuild: true, log: silentLog })
  expect(image).toMatchObject({ version: '3.5.16', emulated: false })
  const found = await inspectImage(engine, image.reference)
  expect(found?.sizeBytes).toBeLessThan(80e6)
  expect(found?.labels).toMatchObject({
    'org.opencontainers.image.version': '3.5.16',
    'org.opencontainers.image.source': expect.stringMatching(/^debian:trixie\/etcd=3\.5\.16-/),
    'org.opencontainers.image.architecture': image.architecture,
  })
  expect(Object.keys(found?.labels ?? {})).not.toContain('gauntlet')
})

test('what can name no image is the user’s mistake', async () => {
  for (const reference of ["''", 'Some/Image', 'a b']) {
    await expect(inspectImage(engine, reference), reference).rejects.toThrow(InputError)
  }
})

test('the etcd image has its tools and no shell', async () => {
  const { reference } = await resolveImage({
    architecture: 'native',
    allowBuild: true,
    log: silentLog,
  })
  const version = (argv: string[]) => runTool(engine, { runId, image: reference, argv })
  expect((await version(['etcd', '--version'])).stdout).toContain('etcd Version: 3.5.16')
  expect((await version(['etcdctl', 'version'])).stdout).toContain('etcdctl version: 3.5.16')
  expect((await version(['etcdutl', 'version'])).stdout).toContain('etcdutl version: 3.5.16')
  for (const shell of ['sh', '/bin/sh', 'bash', 'busybox']) {
    await expect(version([shell, '-c', 'true'])).rejects.toThrow(/no such file|not found/)
  }
})

test.each(loadCatalogue().versions)(
  'etcd $version of the catalogue starts',
  async ({ version }) => {
    const image = await resolveImage({
      version,
      architecture: 'native',
      allowBuild: true,
      log: silentLog,
    })
    const argv = ['etcd', '--version']
    const { stdout } = await runTool(engine, { runId, image: image.reference, argv })
    expect(stdout).toContain(`etcd Version: ${image.version}`)
  },
)

test('a present image is not built again, and nothing is logged', async () => {
  const said: string[] = []
  const log: Log = { step: (text) => said.push(text), warn: (text) => said.push(text) }
  await resolveImage({ architecture: 'native', allowBuild: true, log })
  await ensureToolbox({ log })
  await resolveImage({ architecture: 'native', allowBuild: false, log })
  await ensureToolbox({ allowBuild: false, log })
  expect(said).toEqual([])
})

test('the toolbox has every command, and its tc is the one that knows queues', async () => {
  const image = await ensureToolbox({ log: silentLog })
  const script = `
    applets=" $(busybox --list | tr '\\n' ' ')"
    for file in /usr/bin/* /usr/sbin/*; do
      name=\${file##*/}
      [ -e "$file" ] || echo "dangling $file"
      [ "$(readlink "$file")" != busybox ] && continue
      case "$applets" in *" $name "*) ;; *) echo "no applet $name" ;; esac
    done
    tc -V; dnsmasq --version | head -n 1; socat -V | head -n 1; ss -V; iptables -V`
  const { stdout } = await runTool(engine, { runId, image, argv: ['sh', '-c', script] })
  expect(stdout).not.toMatch(/no applet/)
  for (const tool of ['iproute2', 'Dnsmasq', 'socat', 'ss utility', 'nf_tables']) {
    expect(stdout).toContain(tool)
  }
})

test('two builds of one image at once leave one whole image and nothing half-built', async () => {
  const native = (await resolveImage({ architecture: 'native', allowBuild: true, log: silentLog }))
    .architecture
  const recipe = {
    ...toolboxRecipe(loadCatalogue(), native),
    reference: `gauntlet/images-suite:${randomBytes(4).toString('hex')}`,
  }
  try {
    await Promise.all([1, 2].map(() => buildImage(engine, recipe, silentLog)))
    const image = await inspectImage(engine, recipe.reference)
    expect(image?.labels[inputsLabel]).toBe(inputsHash(recipe))
    const argv = ['ip', '-V']
    expect((await runTool(engine, { runId, image: recipe.reference, argv })).exitCode).toBe(0)
  } finally {
    await removeImage(engine, recipe.reference)
  }
})

test('a rebuilt image leaves the older one alone while it has another name', async () => {
  const { architecture } = await resolveImage({
    architecture: 'native',
    allowBuild: true,
    log: silentLog,
  })
  const [repo, tag] = ['gauntlet/images-suite', randomBytes(4).toString('hex')]
  const recipe = { ...toolboxRecipe(loadCatalogue(), architecture), reference: `${repo}:${tag}` }
  try {
    const older = await inspectImage(engine, await ensureToolbox({ log: silentLog }))
    await engine.docker.getImage(older?.id ?? '').tag({ repo, tag })
    await buildImage(engine, recipe, silentLog)
    expect((await inspectImage(engine, recipe.reference))?.id).not.toBe(older?.id)
    expect((await inspectImage(engine, older?.id ?? ''))?.names).toEqual(older?.names)
  } finally {
    await removeImage(engine, recipe.reference)
  }
})

test('an unknown version is an input error before anything is built', async () => {
  const choice = { version: '3.9.9', architecture: 'native', allowBuild: true, log: silentLog }
  await expect(resolveImage({ ...choice, architecture: 'native' })).rejects.toThrow(InputError)
})
