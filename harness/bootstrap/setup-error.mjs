/**
 * This machine lacks something that may not, or cannot, be set up. The fields are those of the
 * harness's own EnvironmentError, which plain JavaScript that runs before any installation cannot
 * import: `exitCode` is 4, `remedy` is the exact command for this system.
 */
export class SetUpError extends Error {
  /**
   * @param {string} message
   * @param {{ remedy?: string, cause?: unknown }} [options]
   */
  constructor(message, options = {}) {
    const text = options.remedy === undefined ? message : `${message}. Run: ${options.remedy}`
    super(text, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SetUpError'
    this.code = 'ENVIRONMENT'
    this.exitCode = 4
    /** @type {Readonly<Record<string, unknown>>} */
    this.fields = options.remedy === undefined ? {} : { remedy: options.remedy }
  }
}

/**
 * @typedef {{ step(text: string): void, warn(text: string): void }} Log
 * One line a step, on standard error.
 */

/** @type {Log} */
export const stderrLog = {
  step: (text) => process.stderr.write(`gauntlet: ${text}\n`),
  warn: (text) => process.stderr.write(`gauntlet: warning: ${text}\n`),
}

/** Whether `GAUNTLET_NO_INSTALL=1` forbids to install or start anything on this machine. */
export function isInstallForbidden() {
  const value = process.env.GAUNTLET_NO_INSTALL ?? ''
  return value !== '' && value !== '0'
}
