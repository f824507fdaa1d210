import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WatchedEvent } from '../../logs/watch.ts'
import {
  type ClientReport,
  formatElements,
  type ReportElement,
} from '../robustness/write-report.ts'

/** Writes the directory of a report; clients are numbered from 1. */
export function writeReport(directory: string, clients: readonly ClientReport[]): void {
  for (const [at, { operations: done = [], watches = [] }] of clients.entries()) {
    const folder = join(directory, `client-${at + 1}`)
    mkdirSync(folder, { recursive: true })
    if (done.length > 0) writeFileSync(join(folder, 'operations.json'), formatElements(done))
    if (watches.length > 0) writeFileSync(join(folder, 'watch.json'), formatElements(watches))
  }
}

/** A watch of every key from the first revision on, one response a revision. */
export function reportWatch(events: readonly WatchedEvent[]): ReportElement {
  const byRevision = [...Map.groupBy(events, ({ modRevision }) => modRevision)]
  return {
    Request: { Key: '', Revision: 1, WithPrefix: true, WithProgressNotify: true },
    Responses: byRevision.map(([Revision, list]) => {
      // Received once the store had all of it.
      return { Events: list.map(reportEvent), Revision, Time: Number.MAX_SAFE_INTEGER }
    }),
  }
}

function reportEvent({ type, key, value = '', modRevision: Revision, isCreate }: WatchedEvent) {
  const Value = type === 'put' ? { Value: value } : {}
  return {
    Type: `${type}-operation`,
    Key: key,
    Value,
    Revision,
    ...(isCreate && { IsCreate: true }),
  }
}
