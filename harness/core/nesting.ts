/**
 * How deep values from outside may be nested: far above any file of ours, and far below where functions
 * that call themselves run out of stack.
 */
export const mostLevels = 100

/** Whether objects and arrays are nested in more levels than that. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let containers = [value].filter(isContainer)
  for (let level = 0; containers.length > 0; level++) {
    if (level === levels) return true
    containers = containers.flatMap((container) => Object.values(container).filter(isContainer))
  }
  return false
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null
