/** The newest revision among events; 0 without any. */
export function newestOf(events: readonly { readonly modRevision: number }[]): number {
  return events.reduce((most, { modRevision }) => Math.max(most, modRevision), 0)
}
