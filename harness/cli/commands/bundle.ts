import { basename, join, resolve } from 'node:path'
import { Command } from 'commander'
import { renderFinding } from '../../../reports/finding.ts'
import { toOneLine } from '../../../reports/text.ts'
import { InputError } from '../../core/errors.ts'
import { suggestion } from '../../core/text/nearest.ts'
import { insideRun } from '../../run-record/files.ts'
import { readRun } from '../../run-record/run-directory.ts'
import type { RunRecord, ScenarioRecord } from '../../run-record/run-record.ts'
import { outcomeOf } from '../../run-record/verdict.ts'
import { writeBundle } from '../../scenario/bundle/write-bundle.ts'
import { expectWritable } from '../input/output-directory.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText } from '../options/value.ts'

const bundleOptions = {
  out: {
    flags: '--out <directory>',
    description: 'where the archive is written',
    value: anyText,
    default: '.',
  },
  redact: {
    flags: '--redact',
    description: 'replace keys, values and names, the same by the same, and leave logs out',
  },
  json: { flags: '--json', description: 'print the path and the verdict as JSON' },
} as const satisfies OptionTable

type BundleCommandOptions = ValuesOf<typeof bundleOptions>

const help = `
The archive holds the part of the history that shows the violation, a picture of it, logs around it,
versions, flags, seed and command, and how to judge it again. Look at what it says before you send it.
Examples:
  gauntlet bundle reports/out/<run-id>
  gauntlet bundle reports/out/<run-id> quorum-loss/leader-killed --redact`

export function bundleCommand(): Command {
  const command = new Command('bundle')
    .description('make one small archive of a finding, to attach to a bug report')
    .argument('<run>', 'a run directory, such as reports/out/<run-id>')
    .argument('[scenario]', 'its id; default: the first one that is broken')
    .addHelpText('after', help)
    .action(bundle)
  return addOptions(command, bundleOptions)
}

async function bundle(
  directory: string,
  id: string | undefined,
  options: BundleCommandOptions,
): Promise<void> {
  const run = readRun(directory)
  const scenario = findScenario(run, id)
  expectWritable(options.out)
  const file = join(resolve(options.out), `${scenario.id.replaceAll('/', '-')}.tar.gz`)
  const privately = options.redact === true
  const about = aboutRun(run, privately)
  const record = await writeBundle(insideRun(directory, scenario.directory), file, {
    privately,
    about,
    renderPicture: renderFinding,
  })
  const { outcome, reason } = record
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ file, scenario: record.id, outcome, reason })}\n`
      : `${file}\n`,
  )
  process.stderr.write(`${basename(file)} shows: ${toOneLine(reason)}\n`)
}

function findScenario({ id: run, scenarios }: RunRecord, id: string | undefined): ScenarioRecord {
  const found = scenarios.find((one) =>
    id === undefined ? outcomeOf(one) === 'broken' : one.id === id,
  )
  if (found !== undefined) return found
  if (id === undefined)
    throw new InputError(`Expected a broken scenario in the run ${run}, got none`)
  const ids = scenarios.map((one) => one.id)
  throw new InputError(
    `Expected a scenario of the run ${run}, got \`${id}\`${suggestion(id, ids)}`,
    { id },
  )
}

/** An image and a machine have names; a version and a seed have none. */
function aboutRun({ etcd, seed, command, spec, machine }: RunRecord, privately: boolean) {
  const { version, architecture, emulated, imageDigest } = etcd
  const common = { etcd: { version, architecture, emulated }, seed }
  if (privately) return common
  return {
    ...common,
    etcd: { ...common.etcd, image: etcd.image, ...(imageDigest && { imageDigest }) },
    command,
    options: spec.options,
    machine,
  }
}
