import type { Scenario } from '../../harness/index.ts'
import { authority } from './authority.ts'
import { expiry } from './expiry.ts'
import { refusedMembers } from './refused-members.ts'
import { renewal } from './renewal.ts'
import { revocation } from './revocation.ts'
import { silentHandshakes } from './silent-handshakes.ts'

export const scenarios: readonly Scenario[] = [
  ...renewal,
  ...authority,
  expiry,
  ...refusedMembers,
  revocation,
  silentHandshakes,
]
