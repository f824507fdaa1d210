import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientReport, formatElements } from '../robustness/write-report.ts'

/** Writes the directory of a report; clients are numbered from 1. */
export function writeReport(directory: string, clients: readonly ClientReport[]): void {
  for (const [at, { operations: done = [], watches = [] }] of clients.entries()) {
    const folder = join(directory, `client-${at + 1}`)
    mkdirSync(folder, { recursive: true })
    if (done.length > 0) writeFileSync(join(folder, 'operations.json'), formatElements(done))
    if (watches.length > 0) writeFileSync(join(folder, 'watch.json'), formatElements(watches))
  }
}
