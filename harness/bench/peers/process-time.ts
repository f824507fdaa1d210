import { readFileSync } from 'node:fs'

/** The kernel's unit of a process's times; 100 on every Linux that Node runs on. */
const ticksPerS = 100
const everyMs = 50

/**
 * Reads the processor time of a process as long as it runs. The returned function gives the last
 * reading, in seconds; null where the kernel has none. What it used after the last reading is missing.
 */
export function watchProcessTime(pid: number): () => number | null {
  let lastS: number | null = null
  const read = () => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The name in parentheses may have spaces; fields 14 and 15 are user and system time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      lastS = (Number(fields[11]) + Number(fields[12])) / ticksPerS
    } catch {
      // It has exited, or this is no Linux.
      clearInterval(reading)
    }
  }
  const reading = setInterval(read, everyMs)
  read()
  return () => {
    read()
    clearInterval(reading)
    return lastS
  }
}
