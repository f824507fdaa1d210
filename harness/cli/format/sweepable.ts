import type { Sweepable } from '../../engine/cleanup/sweep.ts'

/** What `--dry-run` prints: what would be removed, a line each, by its name. */
export function formatSweepable({ containers, networks, volumes, images }: Sweepable): string {
  const lines = [
    ...containers.map((name) => `would remove container ${name}`),
    ...networks.map((name) => `would remove network ${name}`),
    ...volumes.map((name) => `would remove volume ${name}`),
    ...images.map((id) => `would remove image ${id}`),
  ]
  return lines.length === 0 ? 'would remove nothing' : lines.join('\n')
}
