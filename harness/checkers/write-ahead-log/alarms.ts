import type { LoggedRequest, LoggedTxn } from '../../history/logs/wal.ts'

/** The alarms of a cluster, as its log raises and disarms them. */
export interface Alarms {
  change(request: LoggedRequest & { readonly kind: 'alarm' }): void
  /** Why etcd refuses this request while an alarm is raised. */
  findError(request: LoggedRequest): string | undefined
}

export function createAlarms(): Alarms {
  const raised = new Set<string>()
  const isRaised = (alarm: string) => [...raised].some((one) => one.startsWith(`${alarm} `))
  return {
    change: ({ action, alarm, nodeId }) => {
      if (action === 'activate') raised.add(`${alarm} ${nodeId}`)
      if (action === 'deactivate') raised.delete(`${alarm} ${nodeId}`)
    },
    findError: (request) => {
      if (isRaised('corrupt') && touchesData(request)) return 'corrupt cluster'
      return isRaised('no-space') && needsSpace(request) ? 'database space exceeded' : undefined
    },
  }
}

const dataKinds = ['put', 'range', 'delete', 'txn', 'compaction', 'lease-grant', 'lease-revoke']

function touchesData({ kind }: LoggedRequest): boolean {
  return dataKinds.includes(kind)
}

function needsSpace(request: LoggedRequest): boolean {
  if (request.kind === 'txn') return puts(request)
  return request.kind === 'put' || request.kind === 'lease-grant'
}

/** etcd's cost of a transaction counts the puts of both branches, and not those nested in them. */
function puts({ success, failure }: LoggedTxn): boolean {
  return [...success, ...failure].some(({ kind }) => kind === 'put')
}
