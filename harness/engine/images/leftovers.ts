import { readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeImage } from '../cleanup/remove.ts'
import type { Engine } from '../connect.ts'

/** How a build under way is called: the folder of its context, and its tag until it is complete. */
export const buildFolderPrefix = 'gauntlet-build-'
export const buildRepository = 'gauntlet/build'

/** Longer than any build takes: what is older belongs to one that was killed. */
const abandonedMs = 30 * 60_000

/** Removes what killed builds left, here and at the engine; another's build under way stays. */
export async function removeAbandonedBuilds(engine: Engine): Promise<void> {
  const since = Date.now() - abandonedMs
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(buildFolderPrefix)) continue
    const path = join(tmpdir(), name)
    const changedMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.POSITIVE_INFINITY,
    )
    if (changedMs < since) await rm(path, { recursive: true, force: true })
  }
  const filters = JSON.stringify({ reference: [buildRepository] })
  for (const image of await engine.docker.listImages({ filters })) {
    if (image.Created * 1_000 >= since) continue
    for (const tag of image.RepoTags ?? []) {
      if (tag.startsWith(`${buildRepository}:`)) await removeImage(engine, tag)
    }
  }
}
