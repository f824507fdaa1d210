import { type Drill, done, featuresOf, type Member, notYet } from '../../../harness/index.ts'

/**
 * Why an older etcd exits on the data of a newer one: 3.3 and 3.4 in words of their own, 3.5 and 3.6 by
 * the version of the cluster, 3.6 on the data of 3.7 by that of the data. Every start names the option
 * `downgrade-check-interval`, which is no reason.
 */
export const olderBinaryReason =
  /invalid downgrade; server version is|cluster cannot be downgraded|version \S+ is not supported/

type Verb = 'validate' | 'enable' | 'cancel'

/** What etcd answers to `etcdctl downgrade …`: undefined when it accepts. */
export async function downgrade(
  member: Member,
  verb: Verb,
  ...target: readonly string[]
): Promise<string | undefined> {
  const { exitCode, stdout, stderr } = await member.etcdctl(['downgrade', verb, ...target])
  return exitCode === 0 ? undefined : `${stdout}${stderr}`.trim()
}

/** Expects etcd to accept it, as soon as it knows the version of the cluster. */
export async function expectDowngradeAccepted(
  drill: Drill,
  member: Member,
  verb: Verb,
  ...target: readonly string[]
): Promise<void> {
  await drill.becomes(
    'downgrade-is-accepted',
    `etcd to accept \`downgrade ${[verb, ...target].join(' ')}\``,
    async () => {
      const rejection = await downgrade(member, verb, ...target)
      return rejection === undefined ? done(undefined) : notYet(rejection)
    },
    { deadlineMs: drill.deadlines.membershipMs, intervalMs: 500 },
  )
}

/** `3.6` of `3.6.14`, with another minor version. */
export function seriesBeside(version: string, minors: number): string {
  const [major, minor] = featuresOf(version).series.split('.').map(Number)
  return `${major}.${(minor ?? 0) + minors}`
}
