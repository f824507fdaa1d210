import { randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { cacheFolder } from '../../bootstrap/cache.mjs'
import { EnvironmentError } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { removeImage } from '../cleanup/remove.ts'
import type { Docker, Engine } from '../connect.ts'
import { findBuildx } from './buildx.ts'
import { dockerFolder } from './catalogue.ts'
import { inspectImage } from './inspect.ts'
import { buildFolderPrefix, buildRepository, removeAbandonedBuilds } from './leftovers.ts'
import { inputsHash, programsOf, type Recipe, upstreamVersion } from './recipe.ts'
import { makeRootfs } from './rootfs.ts'

const buildTimeoutMs = 5 * 60_000

interface Build {
  readonly recipe: Recipe
  readonly folder: string
  /** A tag of this build alone. */
  readonly tag: string
  readonly args: Readonly<Record<string, string>>
}

/**
 * Builds the image of a recipe and gives it the recipe's reference as the last step, so that two
 * runs at once, or a killed one, never leave half an image under that name. Works for a foreign
 * architecture without emulation: the build runs nothing of the image.
 */
export async function buildImage(engine: Engine, recipe: Recipe, log: Log): Promise<void> {
  const startedMs = performance.now()
  log.step(`building ${recipe.reference} from Debian ${recipe.suite}'s packages`)
  await removeAbandonedBuilds(engine)
  const folder = await mkdtemp(join(tmpdir(), buildFolderPrefix))
  const tag = `${buildRepository}:${randomBytes(6).toString('hex')}`
  try {
    // mmdebstrap without root works as another user, who must be able to read the hook.
    await chmod(folder, 0o755)
    const context = join(folder, recipe.target)
    for (const input of [recipe.dockerfile, ...programsOf(recipe)]) {
      await mkdir(dirname(join(context, input)), { recursive: true })
      await copyFile(join(dockerFolder(), input), join(context, input))
    }
    const file = join(context, `rootfs-${recipe.architecture}.tar`)
    const { packageVersion } = await makeRootfs(recipe, { folder, file, log })
    const build = { recipe, folder, tag, args: argsOf(recipe, packageVersion) }
    const buildx = (await isPodman(engine)) ? undefined : await findBuildx(log)
    await (buildx === undefined ? buildByEngine(engine, build) : buildByBake(buildx, build))
    await publish(engine, tag, recipe.reference)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
  log.step(`built ${recipe.reference} in ${seconds} s`)
}

/** Podman has no BuildKit for buildx to talk to; its own builder knows platforms. */
async function isPodman({ docker }: Engine): Promise<boolean> {
  const { Components = [] } = (await docker.version()) as { Components?: { Name: string }[] }
  return Components.some(({ Name }) => /podman/i.test(Name))
}

function argsOf(recipe: Recipe, packageVersion: string): Record<string, string> {
  return {
    INPUTS: inputsHash(recipe),
    ...(recipe.version !== undefined && {
      PACKAGE_VERSION: packageVersion,
      ETCD_VERSION: upstreamVersion(packageVersion),
    }),
  }
}

/** The `docker` driver: the engine's own BuildKit, one platform at a time, no image of a builder. */
async function buildByBake(buildx: string, build: Build): Promise<void> {
  const { recipe, folder, tag, args } = build
  const { target, architecture } = recipe
  const settings = [`platform=linux/${architecture}`, `tags=${tag}`]
  const ran = await execa(
    buildx,
    [
      ...['bake', '--progress=plain', '-f', join(dockerFolder(), 'bake.hcl')],
      ...settings.flatMap((setting) => ['--set', `${target}.${setting}`]),
      target,
    ],
    {
      env: {
        ...args,
        ROOTFS: folder,
        BUILDX_CONFIG: join(cacheFolder(), 'buildx'),
        BUILDX_BUILDER: 'default',
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
      },
      all: true,
      reject: false,
      stdin: 'ignore',
      timeout: buildTimeoutMs,
    },
  )
  if (ran.exitCode === 0) return
  const shown = ran.all.trim().split('\n').slice(-6).join(' | ')
  throw new EnvironmentError(`Expected buildx to build ${recipe.reference}, got: ${shown}`)
}

/**
 * The engine's builder over its API, as a plain `docker build`: for Podman, and where there is no
 * buildx. Docker's older builder cannot make an image for a foreign architecture.
 */
async function buildByEngine(engine: Engine, build: Build): Promise<void> {
  const { docker } = engine
  const { recipe, folder, tag, args } = build
  const { architecture, dockerfile, target } = recipe
  const rootfs = `rootfs-${architecture}.tar`
  const stream = await docker.buildImage(
    { context: join(folder, target), src: [dockerfile, rootfs, ...programsOf(recipe)] },
    {
      t: tag,
      dockerfile,
      platform: `linux/${architecture}`,
      buildargs: { ...args, TARGETARCH: architecture, SUITE: recipe.suite },
      forcerm: true,
    },
  )
  const problem = await problemOf(docker, stream)
  if (problem === undefined && (await inspectImage(engine, tag)) !== undefined) return
  const got = problem ?? `no image; for a foreign architecture this engine needs buildx`
  throw new EnvironmentError(`Expected the engine to build ${recipe.reference}, got: ${got}`)
}

function problemOf(docker: Docker, stream: NodeJS.ReadableStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    docker.modem.followProgress(stream, (failed: Error | null, lines?: { error?: string }[]) =>
      resolve(failed?.message ?? lines?.find(({ error }) => error !== undefined)?.error),
    )
  })
}

/** Moves the reference to the new image and removes the former, unless it is used or has another name. */
async function publish(engine: Engine, tag: string, reference: string): Promise<void> {
  const { docker } = engine
  const before = (await inspectImage(engine, reference))?.id
  const separator = reference.lastIndexOf(':')
  const repo = reference.slice(0, separator)
  await docker.getImage(tag).tag({ repo, tag: reference.slice(separator + 1) })
  await docker.getImage(tag).remove()
  if (before === undefined) return
  const replaced = await inspectImage(engine, before)
  if (replaced?.names.length === 0) await removeImage(engine, before)
}
