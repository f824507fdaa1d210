import { resolve } from 'node:path'
import { Command } from 'commander'
import { writeReport } from '../../../reports/report.ts'

export function reportCommand(): Command {
  return new Command('report')
    .description('render the report of saved runs again, from their run directories alone')
    .argument('<directory...>', 'run directories, such as reports/out/<run-id>')
    .option('--json', 'print the files as JSON')
    .action(async (directories: string[], { json }: { json?: boolean }) => {
      for (const directory of directories) {
        const written = await writeReport(resolve(directory))
        process.stdout.write(`${json === true ? JSON.stringify(written) : written.indexHtml}\n`)
      }
    })
}
