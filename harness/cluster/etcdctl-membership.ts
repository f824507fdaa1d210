import type { ListedMember } from '../core/etcd/listed-member.ts'
import { done, notYet, poll } from '../core/poll.ts'
import { MembershipError } from './errors.ts'
import type { MembershipApi } from './membership.ts'
import type { Cluster, Member } from './types.ts'

const healthyDeadlineMs = 30_000

/**
 * The member list through etcdctl in a member: the given one, or at each request any healthy one
 * but `except`. Throws a MembershipError with what etcdctl said.
 */
export function etcdctlMembership(
  cluster: Cluster,
  { except = '', through }: { readonly except?: string; readonly through?: Member } = {},
): MembershipApi {
  const run = async (args: readonly string[]): Promise<string> => {
    const via = through ?? (await healthyMember(cluster, except))
    const { exitCode, stdout, stderr } = await via.etcdctl(args)
    if (exitCode === 0) return stdout
    const said = stderr.trim().split('\n').at(-1) ?? ''
    const message = `Expected etcdctl ${args.join(' ')} to work at ${via.name}, got: ${said}`
    throw new MembershipError(message, { said })
  }
  const list = async () => (await run(['member', 'list'])).trim().split('\n').map(parseRow)
  return {
    list,
    add: async ({ name, peerUrl, learner }) => {
      await run([
        ...['member', 'add', name, `--peer-urls=${peerUrl}`],
        ...(learner ? ['--learner'] : []),
      ])
      const members = await list()
      const added = members.find(({ peerUrls }) => peerUrls.includes(peerUrl))
      if (added === undefined) throw new MembershipError(`Expected ${name} to be listed once added`)
      return { id: added.id, members }
    },
    remove: (id) => run(['member', 'remove', id]),
    isTooEarly: (thrown) =>
      thrown instanceof MembershipError && rejectedForNow.test(String(thrown.fields.said)),
  }
}

/** etcdctl prints no code that tells these apart from rejections for good. */
const rejectedForNow = /unhealthy cluster|not enough started members/

/** `id, status, name, peer URLs, client URLs, is a learner`; 3.3 has no learners. */
function parseRow(line: string): ListedMember {
  const [id = '', , name = '', peers = '', clients = '', learner] = line.split(', ')
  const urls = (text: string) => text.split(',').filter((url) => url !== '')
  return {
    id,
    name,
    peerUrls: urls(peers),
    clientUrls: urls(clients),
    learner: learner === 'true',
  }
}

function healthyMember(cluster: Cluster, except: string): Promise<Member> {
  return poll(
    async () => {
      for (const member of cluster.members) {
        if (member.name !== except && (await member.isHealthy())) return done(member)
      }
      return notYet('none is healthy')
    },
    { what: `a healthy member beside \`${except}\``, deadlineMs: healthyDeadlineMs },
  )
}
