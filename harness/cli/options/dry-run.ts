/** Every command that removes things has it. */
export const dryRunOption = {
  flags: '--dry-run',
  description: 'print the names of what would be removed, and remove nothing',
} as const
