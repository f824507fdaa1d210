import { anyText } from '../options/value.ts'

/** Where defaults come from: of every command that takes them. */
export const configOptions = {
  config: {
    flags: '--config <file>',
    description: 'read defaults from this file; default: gauntlet.config.ts of this directory',
    value: anyText,
    isLocal: true,
  },
  profile: {
    flags: '--profile <name>',
    description: 'take the defaults of this profile of the file, too',
    value: anyText,
    isLocal: true,
  },
} as const
