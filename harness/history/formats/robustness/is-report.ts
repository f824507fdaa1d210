import { readdir } from 'node:fs/promises'

/** The folder of one client in a report. */
export const clientName = /^client-(\d+)$/

/** Whether this is the report of a robustness test: a directory with folders of clients. */
export async function isRobustnessReport(path: string): Promise<boolean> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.some((entry) => entry.isDirectory() && clientName.test(entry.name))
}
