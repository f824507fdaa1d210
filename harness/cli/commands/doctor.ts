import { Command } from 'commander'
import { exitCodes } from '../../core/errors.ts'
import type { CapabilityFound } from '../../run-record/run-record.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'

const doctorOptions = {
  json: { flags: '--json', description: 'print the capabilities as JSON' },
} as const satisfies OptionTable

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('what this machine can do, what it lacks, and how to add it')
    .addHelpText('after', '\nInstalls and changes nothing.')
    .action(async ({ json }: ValuesOf<typeof doctorOptions>) => {
      const { probeCapabilities } = await import('../../engine/capabilities/probe.ts')
      const found = await probeCapabilities()
      process.stdout.write(
        json === true
          ? `${JSON.stringify(found, undefined, 2)}\n`
          : found.map(formatCapability).join(''),
      )
      const engine = found.find(({ name }) => name === 'engine')
      if (engine?.available !== true) process.exitCode = exitCodes.environment
    })
  return addOptions(command, doctorOptions)
}

function formatCapability({ name, available, detail, lost, remedy }: CapabilityFound): string {
  const lines = [`${available ? 'yes' : 'no '}  ${name.padEnd(20)}  ${detail}`]
  if (!available && lost !== undefined) lines.push(`       lost: ${lost}`)
  if (!available && remedy !== undefined) lines.push(`       get it: ${remedy}`)
  return `${lines.join('\n')}\n`
}
