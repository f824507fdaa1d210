import { resolve } from 'node:path'
import { Command } from 'commander'
import { writeReport } from '../../../reports/report.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'

const reportOptions = {
  json: { flags: '--json', description: 'print the files as JSON' },
} as const satisfies OptionTable

export function reportCommand(): Command {
  const command = new Command('report')
    .description('render the report of saved runs again, from their run directories alone')
    .argument('<directory...>', 'run directories, such as reports/out/<run-id>')
    .action(async (directories: string[], { json }: ValuesOf<typeof reportOptions>) => {
      for (const directory of directories) {
        const written = await writeReport(resolve(directory))
        process.stdout.write(`${json === true ? JSON.stringify(written) : written.indexHtml}\n`)
      }
    })
  return addOptions(command, reportOptions)
}
