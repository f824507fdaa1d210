/** The next in line is admitted as soon as its member has applied the event that it waits for. */
export const admittedMs = 15_000

/** The timeout of requests that wait for a lock: longer, so that the check ends first. */
export const timeoutMs = 2 * admittedMs
