import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import type { Cluster } from '../../cluster/types.ts'
import { memberConfiguration } from '../../config/member.ts'
import { InputError } from '../../core/errors.ts'
import { stderrLog } from '../../core/log.ts'
import type { FileForm } from '../../forms/file-form.ts'
import { formNamed, namedForms } from '../../forms/file-forms.ts'
import { newRunId } from '../../run-record/run-directory.ts'
import { authUsers } from '../../topology/auth-users.ts'
import { presentPresetName, presets } from '../../topology/presets.ts'
import type { ClusterSpec } from '../../topology/spec.ts'
import {
  describeMembers,
  type KeptCluster,
  keepCluster,
  keptDirectory,
  shellEnvironment,
} from '../kept-cluster.ts'
import { clusterOptions } from '../options/cluster.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { oneOf } from '../options/value.ts'

const writableForms = namedForms.filter(({ write }) => write !== undefined).map(({ name }) => name)

const upOptions = {
  ...clusterOptions,
  write: {
    flags: '--write <form>',
    description: `also write the members' configuration into a directory, as ${writableForms.join(', ')}`,
    value: oneOf(...writableForms),
  },
  json: { flags: '--json', description: 'print the cluster as JSON' },
} as const satisfies OptionTable

export function upCommand(): Command {
  const command = new Command('up')
    .description('start a cluster and leave it running; prints an environment for etcdctl')
    .argument('[preset]', `one of ${Object.keys(presets).join(', ')} (default: three-mtls)`)
    .argument('[directory]', 'where --write writes; it is created')
    .allowExcessArguments()
    .addHelpText('after', example)
    .action((_preset, _directory, options: UpOptions, { args }: Command) => up(args, options))
  return addOptions(command, upOptions)
}

const example = `
Examples:
  eval "$(gauntlet up three-mtls)" && etcdctl endpoint status --cluster -w table
  gauntlet up five-mtls --write pod manifests   the same cluster as static Pods, one file a member`

type UpOptions = ValuesOf<typeof upOptions>

async function up(args: readonly string[], given: UpOptions): Promise<void> {
  const { startCluster } = await import('../../cluster/start.ts')
  const { timeScaleOf } = await import('../../scenario/build-plan.ts')
  const { checkOptions, prepare } = await import('../prepare.ts')
  const { takeMoreFiles } = await import('../input/deployment-files.ts')
  const { formatRenamed } = await import('../run/suites.ts')
  const log = stderrLog()
  const { words, from } = takeMoreFiles(args, given.from, isPreset)
  const options = { ...given, from }
  const [preset, directory] = placesOf(words, options)
  const presetName = presentPresetName(preset)
  if (presetName !== preset) log.warn(formatRenamed({ from: preset, to: presetName }))
  checkOptions(presetName, options)
  const { spec, image, toolboxImage } = await prepare(presetName, options, log)
  const id = newRunId()
  const cluster = await startCluster({
    spec,
    runId: id,
    image: image.reference,
    toolboxImage,
    timeScale: timeScaleOf(image),
    keep: true,
    log,
  })
  const kept: KeptCluster = {
    id,
    version: image.version,
    ...(await describeMembers(cluster)),
    ...userOf(spec),
    directory: keptDirectory(id),
  }
  keepCluster(kept, cluster.credentials)
  if (directory !== undefined && options.write !== undefined) {
    writeForm(formNamed(options.write), directory, { cluster, image: image.reference })
  }
  log.step(`${spec.members.length} members of etcd ${image.version} are up; gauntlet down ${id}`)
  const { json } = options
  process.stdout.write(json === true ? `${JSON.stringify(kept)}\n` : shellEnvironment(kept))
}

/** With passwords etcdctl logs in as root, so that an administrator can try what users may. */
function userOf({ auth }: ClusterSpec): Pick<KeptCluster, 'user'> {
  const { name, password } = authUsers.root
  return auth?.by === 'password' ? { user: `${name}:${password}` } : {}
}

const usualPreset = 'three-mtls'

const isPreset = (word: string) => Object.hasOwn(presets, presentPresetName(word))

/** `up --write FORM DIR` names no preset, `up PRESET --write FORM DIR` does. */
function placesOf(
  [first = usualPreset, second, further]: readonly string[],
  { write }: UpOptions,
): readonly [preset: string, directory: string | undefined] {
  if (further !== undefined) {
    throw new InputError(`Expected a preset and a directory, got \`${further}\` as well`)
  }
  if (write === undefined) {
    if (second === undefined) return [first, undefined]
    throw new InputError(`Expected \`--write\` beside the directory ${second}, got none`)
  }
  if (second !== undefined) return [first, second]
  if (!isPreset(first)) return [usualPreset, first]
  throw new InputError('Expected a directory behind `--write` and its form, got none')
}

/** Each member's configuration as it runs, in that form. */
function writeForm(
  form: FileForm,
  directory: string,
  { cluster, image }: { readonly cluster: Cluster; readonly image: string },
): void {
  mkdirSync(directory, { recursive: true })
  const { members, spec } = cluster
  const addresses = Object.fromEntries(members.map(({ name, address }) => [name, address]))
  const written = members.map(({ name: member }) => ({
    member,
    image,
    configuration: memberConfiguration(spec, { member, addresses }),
  }))
  for (const { name, text } of form.write?.(written) ?? []) {
    writeFileSync(join(directory, name), text)
  }
}
