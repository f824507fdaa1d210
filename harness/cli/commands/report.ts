import { resolve } from 'node:path'
import { Command } from 'commander'
import { writeReport } from '../../../reports/report.ts'
import { writeTrend } from '../../../reports/trend.ts'
import { InputError } from '../../core/errors.ts'
import { mergeRunDirectories } from '../../run-record/merge/merge-directories.ts'
import { expectWritable } from '../input/output-directory.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText } from '../options/value.ts'

const reportOptions = {
  merge: {
    flags: '--merge',
    description: 'merge the runs of one cluster and seed, such as shards, into new run directories',
  },
  out: {
    flags: '--out <directory>',
    description: 'where --merge writes run directories, and index.html over all of them',
    value: anyText,
  },
  json: { flags: '--json', description: 'print the files as JSON' },
} as const satisfies OptionTable

type ReportOptions = ValuesOf<typeof reportOptions>

const examples = `
Examples:
  gauntlet report reports/out/<run-id>
  gauntlet report --merge shard-1/* shard-2/* --out reports/out`

export function reportCommand(): Command {
  const command = new Command('report')
    .description('render the report of saved runs again, from their run directories alone')
    .argument('<directory...>', 'run directories, such as reports/out/<run-id>')
    .addHelpText('after', examples)
    .action(async (given: string[], options: ReportOptions) => {
      const directories = options.merge === true ? merge(given, options) : given
      for (const directory of directories) {
        const written = await writeReport(resolve(directory))
        process.stdout.write(
          `${options.json === true ? JSON.stringify(written) : written.indexHtml}\n`,
        )
      }
      if (options.merge === true && options.out !== undefined) writeTrend(resolve(options.out))
    })
  return addOptions(command, reportOptions)
}

function merge(directories: readonly string[], { out }: ReportOptions): readonly string[] {
  if (out === undefined) throw new InputError('Expected `--out` beside `--merge`, got none')
  expectWritable(out)
  return mergeRunDirectories(directories, out)
}
