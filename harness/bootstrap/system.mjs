import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * @typedef {'debian' | 'fedora' | 'rhel' | 'arch' | 'alpine' | 'suse' | 'macos' | 'windows' | 'other'} Family
 * @typedef {{ family: Family, codename: string, root: boolean }} System
 */

/**
 * What kind of machine this is: which package manager it has, and whether we may use it.
 * Ubuntu and other descendants count as `debian`.
 * @returns {System}
 */
export function detectSystem() {
  const release = readOsRelease()
  return {
    family: familyOf(process.platform, `${release.ID ?? ''} ${release.ID_LIKE ?? ''}`),
    codename: release.VERSION_CODENAME ?? '',
    root: process.getuid?.() === 0,
  }
}

/**
 * @param {string} platform Node's name of it
 * @param {string} ids ID and ID_LIKE of /etc/os-release, separated by spaces
 * @returns {Family}
 */
export function familyOf(platform, ids) {
  if (platform === 'darwin') return 'macos'
  if (platform === 'win32') return 'windows'
  const words = ids.split(/\s+/)
  if (words.includes('debian') || words.includes('ubuntu')) return 'debian'
  // Fedora's descendants say "fedora" too, but have no moby-engine.
  if (words.some((word) => ['rhel', 'centos', 'rocky', 'almalinux'].includes(word))) return 'rhel'
  if (words.includes('fedora')) return 'fedora'
  if (words.includes('arch')) return 'arch'
  if (words.includes('alpine')) return 'alpine'
  return words.some((word) => word.includes('suse')) ? 'suse' : 'other'
}

/**
 * The command as this user can type it: with `sudo` unless root.
 * @param {string} command
 * @param {boolean} root
 */
export function asRoot(command, root) {
  return root ? command : command.replaceAll(/(^|&& )/g, '$1sudo ')
}

/**
 * The full path of a program, looked for on PATH and where system daemons lie.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** What the tests of the report can look at pages with, by the programs' names. */
export const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** @returns {Record<string, string>} */
function readOsRelease() {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8').split('\n')
    return Object.fromEntries(
      lines
        .map((line) => /^(\w+)="?([^"]*)"?$/.exec(line))
        .filter((match) => match !== null)
        .map((match) => [match[1], match[2]]),
    )
  } catch {
    return {}
  }
}
