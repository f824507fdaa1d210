import { expect, test } from 'vitest'
import { capability, unknownCapability } from './capability.ts'
import { deviceNumberOf } from './disk.ts'

const mountinfo = `21 1 254:0 / / rw,relatime - ext4 /dev/root rw
30 21 259:3 / /var/lib rw - ext4 /dev/nvme0n1p3 rw
31 30 0:44 / /var/library rw - tmpfs tmpfs rw
`

test('the disk of a folder is that of the longest mount point above it, by whole names', () => {
  expect(deviceNumberOf('/var/lib/docker', mountinfo)).toBe('259:3')
  expect(deviceNumberOf('/srv/docker', mountinfo)).toBe('254:0')
})

test('a missing capability has its loss and its remedy; an available one has neither', () => {
  const missing = capability('netem', false, 'Error: Specified qdisc kind is unknown.\n')
  expect(missing.detail).toBe('Error: Specified qdisc kind is unknown.')
  expect(missing.lost).toContain('delay')
  expect(missing.remedy).toContain('sch_netem')
  expect(capability('netem', true, 'works')).toEqual({
    name: 'netem',
    available: true,
    detail: 'works',
  })
})

test('a capability that was not tried is never available', () => {
  const unknown = unknownCapability('pause', 'no toolbox')
  expect(unknown.available).toBe(false)
  expect(unknown.detail).toBe('not known: no toolbox')
})
