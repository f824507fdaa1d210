import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemdUnit } from './systemd-unit.ts'

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
/** What every unit depends on; the machine's own may lack them. */
const targets = ['sysinit', 'basic', 'network-online', 'shutdown', 'multi-user']

/** What `systemd-analyze verify` complains of, in a root of its own with a program at etcd's place. */
function complaintsOf(unit: { readonly name: string; readonly text: string }): string {
  const units = join(root, 'etc/systemd/system')
  for (const folder of [units, join(root, 'usr/bin')]) mkdirSync(folder, { recursive: true })
  for (const target of targets) writeFileSync(join(units, `${target}.target`), '[Unit]\n')
  const program = join(root, 'usr/bin/etcd')
  writeFileSync(program, '#!/bin/sh\n')
  chmodSync(program, 0o755)
  writeFileSync(join(units, unit.name), unit.text)
  const { status, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', '--man=no', `--root=${root}`, unit.name],
    { encoding: 'utf8' },
  )
  return status === 0 ? stderr : stderr || `exit code ${status}`
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unit-'))
})
afterEach(() => rmSync(root, { recursive: true }))

test.skipIf(!hasSystemd)('systemd finds nothing wrong with the unit', () => {
  const configuration = [{ name: 'cors', value: '100% "$HOME"' }]
  const [unit] = systemdUnit.write?.([{ member: 'm1', image: 'etcd', configuration }]) ?? []
  if (unit === undefined) throw new Error('Expected a unit to be written, got none')
  expect(complaintsOf(unit)).toBe('')
  const wrong = { ...unit, text: unit.text.replace('on-failure', 'sometimes') }
  expect(complaintsOf(wrong)).toMatch(/restart/)
})
