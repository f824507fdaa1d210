import { statSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Ours alone, and kept between runs. What lies in it makes runs faster; none depends on it.
 * @returns {string}
 */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
  return join(base, 'etcd-gauntlet')
}

/**
 * Keeps compiled modules, and TypeScript without its types, for the next start: more than half of a
 * small `check` was spent on that. Call it before the first module of TypeScript is loaded, which
 * else loads the compiler. Node knows an entry by its file's content and by its own version, and
 * replaces it in one step at the exit, so that processes may share the folder. What lies there is run:
 * so it lies in the user's own cache, not where Node would put it, among all users' temporary files;
 * and there is none in the home of another user, as `sudo` may leave it. A folder that cannot be
 * written is no error, nor is a Node without such a cache.
 */
export function cacheCompiledModules() {
  try {
    const user = process.getuid?.()
    if (user !== undefined && statSync(homedir()).uid !== user) return
    module.enableCompileCache?.(join(cacheFolder(), 'modules'))
  } catch {
    // A user without a home, as a container may have, has no cache either.
  }
}
