import { Command } from 'commander'
import { stderrLog } from '../../core/log.ts'
import { loadCatalogue } from '../../engine/images/catalogue.ts'
import { architectureOption, nativeArchitecture } from '../options/cluster.ts'
import { addOptions, type OptionTable, type ValuesOf } from '../options/table.ts'
import { anyText } from '../options/value.ts'

const imagesOptions = {
  etcd: { flags: '--etcd <version>', description: 'make this version ready', value: anyText },
  arch: {
    flags: '--arch <arch>',
    description: 'for this architecture: amd64 or arm64',
    value: architectureOption,
  },
  json: { flags: '--json', description: 'print as JSON' },
} as const satisfies OptionTable

export function imagesCommand(): Command {
  const command = new Command('images')
    .description('the catalogue of versions; with --etcd: make that image ready now')
    .action(async ({ etcd, arch, json }: ValuesOf<typeof imagesOptions>) => {
      if (etcd === undefined) return list(json === true)
      const { checkVersion } = await import('../prepare.ts')
      checkVersion(etcd)
      const { ensureToolbox } = await import('../../engine/images/ensure-built.ts')
      const { resolveImage } = await import('../../engine/images/resolve.ts')
      const { readyEngine } = await import('../../engine/images/setup.ts')
      const log = stderrLog()
      await readyEngine(log)
      const architecture = arch ?? nativeArchitecture()
      const image = await resolveImage({ version: etcd, architecture, allowBuild: true, log })
      await ensureToolbox({ log })
      process.stdout.write(`${json === true ? JSON.stringify(image) : image.reference}\n`)
    })
  return addOptions(command, imagesOptions)
}

function list(json: boolean): void {
  const { versions, default: preferred } = loadCatalogue()
  if (json) {
    process.stdout.write(`${JSON.stringify({ default: preferred, versions }, undefined, 2)}\n`)
    return
  }
  for (const { version, architectures, source } of versions) {
    const mark = version === preferred ? ' (default)' : ''
    process.stdout.write(
      `${version.padEnd(8)}  ${architectures.join(', ')}  from ${source.kind} ${source.suite}${mark}\n`,
    )
  }
}
