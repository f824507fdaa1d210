#!/usr/bin/env node
import { cacheCompiledModules } from '../bootstrap/cache.mjs'
import { endOnUncaught } from './process/end.ts'

/** As a shell reports SIGPIPE, which Node ignores. */
const killedBySigpipe = 128 + 13

endOnUncaught()
// For a start without the bootstrap: what is imported from here on.
cacheCompiledModules()
exitWithReader()
const { runGauntlet } = await import('./gauntlet.ts')
await runGauntlet(process.argv.slice(2))

/** Exits as other programs do when their reader, such as `head`, has closed the pipe: no defect. */
function exitWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(killedBySigpipe)
  })
}
