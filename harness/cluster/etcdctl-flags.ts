import { certificatePaths } from '../pki/layout.ts'
import { loginOf } from '../topology/auth-users.ts'
import type { ClusterSpec } from '../topology/spec.ts'
import { clientUrl } from '../topology/urls.ts'

/** etcdctl's arguments inside a member, towards its own client port. */
export function etcdctlFlags(spec: ClusterSpec): string[] {
  const { ca, client } = certificatePaths('cfssl')
  const endpoint = `--endpoints=${clientUrl(spec, '127.0.0.1')}`
  const login = loginOf(spec, 'root')
  const plain = [endpoint, ...(login ? [`--user=${login.name}:${login.password}`] : [])]
  if (spec.tls.client === 'none') return plain
  return [...plain, `--cacert=${ca}`, `--cert=${client.cert}`, `--key=${client.key}`]
}
