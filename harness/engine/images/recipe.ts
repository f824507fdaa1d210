import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Architecture } from '../../topology/spec.ts'
import { type Catalogue, type CatalogueEntry, dockerFolder } from './catalogue.ts'

/** All that decides what an image built here contains. */
export interface Recipe {
  /** Where the finished image is found. One tag an architecture: the engine keeps one a tag. */
  readonly reference: string
  /** In bake.hcl. */
  readonly target: string
  readonly architecture: Architecture
  readonly suite: string
  readonly moves: boolean
  readonly packages: readonly string[]
  /** The etcd version expected in the suite; absent for the toolbox. */
  readonly version?: string
  /** Files of docker/. */
  readonly dockerfile: string
  readonly hook: string
  /** A folder of docker/ whose programs the image holds. */
  readonly programs?: string
}

/** The label with the hash of a built image's inputs. Not the label of a run: images stay. */
export const inputsLabel = 'io.gauntlet.inputs'
export const versionLabel = 'org.opencontainers.image.version'

/** To be increased when the build changes in a way that its files do not show. */
const builderRevision = 1

export function etcdRecipe(entry: CatalogueEntry, architecture: Architecture): Recipe {
  const { version, source } = entry
  return {
    reference: `gauntlet/etcd:${version}-${source.kind}-${architecture}`,
    target: `etcd-${version.replaceAll('.', '-')}`,
    architecture,
    suite: source.suite,
    moves: source.moves === true,
    packages: ['etcd-server', 'etcd-client', 'ca-certificates'],
    version,
    dockerfile: 'etcd.Dockerfile',
    hook: 'etcd-rootfs.sh',
  }
}

export function toolboxRecipe(catalogue: Catalogue, architecture: Architecture): Recipe {
  return {
    reference: `gauntlet/toolbox:debian-${architecture}`,
    target: 'toolbox',
    architecture,
    suite: catalogue.tools.suite,
    moves: false,
    packages: [
      'iptables',
      'iproute2',
      'dnsmasq-base',
      'busybox-static',
      'dash',
      'socat',
      'python3-minimal',
    ],
    dockerfile: 'toolbox.Dockerfile',
    hook: 'toolbox-rootfs.sh',
    programs: 'toolbox',
  }
}

/** The programs of a recipe, by their path in docker/. */
export function programsOf({ programs }: Recipe): string[] {
  if (programs === undefined) return []
  return readdirSync(join(dockerFolder(), programs))
    .filter((name) => /\.(py|sh)$/.test(name))
    .sort()
    .map((name) => `${programs}/${name}`)
}

/** The same inputs give the same hash; an image that carries it needs no rebuild. */
export function inputsHash(recipe: Recipe): string {
  const hash = createHash('sha256').update(JSON.stringify([builderRevision, recipe]))
  for (const file of [recipe.dockerfile, recipe.hook]) {
    hash.update(readFileSync(join(dockerFolder(), file)))
  }
  for (const file of programsOf(recipe)) {
    hash.update(file).update(readFileSync(join(dockerFolder(), file)))
  }
  return hash.digest('hex').slice(0, 16)
}

/** `3.3.25+dfsg-6` → `3.3.25`. */
export function upstreamVersion(packageVersion: string): string {
  return packageVersion.replace(/^\d+:/, '').replace(/[-+~].*$/, '')
}
