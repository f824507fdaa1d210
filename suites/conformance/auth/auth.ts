import { etcd, inVariants, type Scenario, withoutTls } from '../../../harness/index.ts'
import { conformance, type TopicContext } from '../topic.ts'
import { checkAdministration } from './administration.ts'
import { checkBeyond } from './beyond.ts'
import { checkChanges } from './changes.ts'
import { everyTime } from './denials.ts'
import { checkLeases } from './leases.ts'
import { checkAllowed, checkDenied } from './permissions.ts'
import { setUpAuth } from './setup.ts'
import { logInUsers, reader, root } from './users.ts'

export const auth: readonly Scenario[] = inVariants(
  conformance({
    name: 'auth',
    behindDoors: {
      'grpc-proxy': 'it opens the watches of all users on one stream, as the user who came first',
    },
    title: 'A user does what its roles allow and nothing else',
    skippedCheckers: {
      'write-ahead-log': "the logs do not tell which requests a user's permissions refuse",
    },
    withoutAuth: 'the scenario turns it on itself',
    parts: [setUpAuth, enforceAuth],
  }),
  [withoutTls],
)

/** Enables authentication for as short as possible, and disables it whatever happens. */
async function enforceAuth(context: TopicContext): Promise<void> {
  const { check, client, drill, prefix } = context
  // The workload's clients have no user.
  const enabled = drill.window('authentication-on', 'changes', drill.cluster.members)
  await etcd.authEnable(client(0))
  await using users = await logInUsers(context)
  await using off = new AsyncDisposableStack()
  off.defer(() => etcd.authDisable(users.root))
  await checkIdentity(context)
  await checkAllowed(context, users)
  await checkDenied(context, users)
  await checkBeyond(context, users)
  await checkAdministration(context, users)
  await checkLeases(context, users)
  await checkChanges(context, users)
  await off.disposeAsync()
  await check.equal(
    'auth-disabled-needs-no-user',
    'clients read without a user when authentication is disabled',
    1,
    async () => {
      return (await etcd.range(client(2), { key: `${prefix}beside` })).count
    },
  )
  drill.mark('note', 'authentication is off again')
  await enabled.undo()
}

async function checkIdentity({ drill, check, client, prefix, has }: TopicContext): Promise<void> {
  await check.rejectedEach(
    'wrong-password-rejected',
    'authentication with a wrong password is rejected',
    'authentication failed',
    everyTime([...drill.cluster.members.keys()], (at) =>
      etcd.authenticate(client(at), { ...reader, password: 'wrong' }),
    ),
  )
  const stranger = client(1).withToken('invented.1')
  await check
    .rejected(
      'invented-token-rejected',
      'an invented token is rejected',
      'invalid auth token',
      () => etcd.range(stranger, { key: `${prefix}part/a` }),
    )
    .finally(stranger.close)
  if (drill.cluster.spec.tls.client !== 'mutual') {
    await check.rejected(
      'nameless-request-rejected',
      'a request without a user or certificate is rejected',
      'user name is empty',
      () => etcd.range(client(1), { key: `${prefix}part/a` }),
    )
  } else {
    await check.equal(
      'certificate-names-user',
      'a request without a token acts as the user that the certificate names',
      1,
      async () => {
        return (await etcd.range(client(1), { key: `${prefix}beside` })).count
      },
    )
  }
  if (!has('auth-status')) return
  await check.equal(
    'auth-status-enabled',
    'auth status says that authentication is enabled',
    true,
    async () => {
      const token = await etcd.authenticate(client(2), root)
      const asRoot = client(2).withToken(token)
      return (await etcd.authStatus(asRoot).finally(asRoot.close)).enabled
    },
  )
}
