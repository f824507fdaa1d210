import { expect, test } from 'vitest'
import { sampleSpec } from '../../topology/testing/sample-spec.ts'
import { authConflict } from './auth-conflict.ts'

const byPassword = { by: 'password', token: 'simple' } as const
const byCertificate = { by: 'certificate', token: 'simple' } as const
const noTls = { client: 'none', peer: 'none' } as const

test('without authentication no scenario is in conflict with it', () => {
  const spec = sampleSpec({ tls: noTls })
  expect(authConflict({ withoutAuth: 'never', opensClients: true }, spec)).toBeUndefined()
})

test('a scenario says why it cannot run with authentication on', () => {
  const spec = sampleSpec({ auth: byPassword })
  expect(authConflict({ withoutAuth: 'it turns it on' }, spec)).toBe(
    'authentication is on: it turns it on',
  )
})

test('certificates prove who clients are only where clients show them', () => {
  expect(authConflict({}, sampleSpec({ auth: byCertificate }))).toBeUndefined()
  expect(authConflict({}, sampleSpec({ auth: byCertificate, tls: noTls }))).toMatch(/certificate/)
})

test('a scenario that opens clients of its own needs certificates', () => {
  const own = { opensClients: true } as const
  expect(authConflict(own, sampleSpec({ auth: byPassword }))).toBeUndefined()
  expect(authConflict(own, sampleSpec({ auth: byPassword, tls: noTls }))).toMatch(/password/)
  expect(authConflict({}, sampleSpec({ auth: byPassword, tls: noTls }))).toBeUndefined()
})
