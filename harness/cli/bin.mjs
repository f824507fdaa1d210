#!/usr/bin/env node
/*
 * The command of the installed package: says on an old Node what it needs, before anything that such
 * a Node cannot read is loaded.
 */
const needed = { major: 22, minor: 22 }
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > needed.major || (major === needed.major && minor >= needed.minor)) {
  const { cacheCompiledModules } = await import('../bootstrap/cache.mjs')
  cacheCompiledModules()
  await import('./main.js')
} else {
  process.stderr.write(
    `gauntlet: Expected Node ${needed.major}.${needed.minor} or later, got ${process.version}. Run: npx --package node@24 --package etcd-gauntlet gauntlet\n`,
  )
  process.exitCode = 4
}
