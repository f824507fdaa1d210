/** Of every command that removes things. */
export const dryRunOption = {
  flags: '--dry-run',
  description: 'print the names of what would be removed, and remove nothing',
} as const
