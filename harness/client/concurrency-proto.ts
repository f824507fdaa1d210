/**
 * etcd's lock and election services as the definitions loader takes them: the `etcd3` package has
 * no file of them. From etcd's v3lock.proto and v3election.proto; the same since 3.2.
 */
export const concurrencyDefinitions = {
  nested: {
    concurrency: {
      nested: {
        KeyValue: message({
          key: ['bytes', 1],
          createRevision: ['int64', 2],
          modRevision: ['int64', 3],
          version: ['int64', 4],
          value: ['bytes', 5],
          lease: ['int64', 6],
        }),
        LeaderKey: message({
          name: ['bytes', 1],
          key: ['bytes', 2],
          rev: ['int64', 3],
          lease: ['int64', 4],
        }),
        Nothing: message({}),
      },
    },
    v3lockpb: {
      nested: {
        LockRequest: message({ name: ['bytes', 1], lease: ['int64', 2] }),
        LockResponse: message({ key: ['bytes', 2] }),
        UnlockRequest: message({ key: ['bytes', 1] }),
        Lock: {
          methods: {
            Lock: method('LockRequest', 'LockResponse'),
            Unlock: method('UnlockRequest', '.concurrency.Nothing'),
          },
        },
      },
    },
    v3electionpb: {
      nested: {
        CampaignRequest: message({ name: ['bytes', 1], lease: ['int64', 2], value: ['bytes', 3] }),
        CampaignResponse: message({ leader: ['.concurrency.LeaderKey', 2] }),
        ProclaimRequest: message({ leader: ['.concurrency.LeaderKey', 1], value: ['bytes', 2] }),
        ResignRequest: message({ leader: ['.concurrency.LeaderKey', 1] }),
        LeaderRequest: message({ name: ['bytes', 1] }),
        LeaderResponse: message({ kv: ['.concurrency.KeyValue', 2] }),
        Election: {
          methods: {
            Campaign: method('CampaignRequest', 'CampaignResponse'),
            Proclaim: method('ProclaimRequest', '.concurrency.Nothing'),
            Leader: method('LeaderRequest', 'LeaderResponse'),
            Observe: { ...method('LeaderRequest', 'LeaderResponse'), responseStream: true },
            Resign: method('ResignRequest', '.concurrency.Nothing'),
          },
        },
      },
    },
  },
}

function message(fields: Readonly<Record<string, readonly [type: string, id: number]>>) {
  const entries = Object.entries(fields).map(([name, [type, id]]) => [name, { type, id }] as const)
  return { fields: Object.fromEntries(entries) }
}

function method(requestType: string, responseType: string) {
  return { requestType, responseType, comment: '' }
}
