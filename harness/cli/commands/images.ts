import { Command, Option } from 'commander'
import { stderrLog } from '../../core/log.ts'
import { loadCatalogue } from '../../engine/images/catalogue.ts'
import { ensureToolbox, resolveImage } from '../../engine/images/images.ts'
import { readyEngine } from '../../engine/images/setup.ts'
import type { Architecture } from '../../topology/spec.ts'
import { nativeArchitecture } from '../cluster-options.ts'

interface ImagesOptions {
  readonly etcd?: string
  readonly arch?: Architecture
  readonly json?: boolean
}

export function imagesCommand(): Command {
  return new Command('images')
    .description('the catalogue of versions; with --etcd: make that image ready now')
    .option('--etcd <version>', 'make this version ready')
    .addOption(new Option('--arch <arch>', 'for this architecture').choices(['amd64', 'arm64']))
    .option('--json', 'print as JSON')
    .action(async ({ etcd, arch, json }: ImagesOptions) => {
      if (etcd === undefined) return list(json === true)
      const log = stderrLog()
      await readyEngine(log)
      const architecture = arch ?? nativeArchitecture()
      const image = await resolveImage({ version: etcd, architecture, allowBuild: true, log })
      await ensureToolbox({ log })
      process.stdout.write(`${json === true ? JSON.stringify(image) : image.reference}\n`)
    })
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
