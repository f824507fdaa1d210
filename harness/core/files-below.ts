import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Everything below the folders of `root`, as paths from `root` with `/` on every system. A folder that
 * is missing, as in the installed package, has none.
 */
export function filesBelow(root: string, folders: readonly string[]): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (name) => `${folder}/${name.replaceAll('\\', '/')}`,
      ),
    )
}
