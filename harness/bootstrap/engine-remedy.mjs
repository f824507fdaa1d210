import { existsSync } from 'node:fs'
import { asRoot, findProgram } from './system.mjs'

/** @type {Record<import('./system.mjs').Family, string>} */
const installCommands = {
  debian: 'apt-get update && apt-get install -y --no-install-recommends docker.io iptables',
  fedora: 'dnf install -y moby-engine && systemctl enable --now docker',
  rhel: 'dnf install -y podman && systemctl enable --now podman.socket',
  arch: 'pacman -S --noconfirm docker && systemctl enable --now docker',
  alpine: 'apk add docker && rc-service docker start',
  suse: 'zypper install -y docker && systemctl enable --now docker',
  macos: 'brew install colima docker && colima start',
  windows: 'wsl --install -d Debian',
  other: 'export DOCKER_HOST=unix:///path/to/your/engine.sock',
}

/**
 * The exact command that gives this system a container engine.
 * @param {import('./system.mjs').System} system
 * @param {readonly import('./engine-find.mjs').Attempt[]} attempts
 */
export function engineRemedy(system, attempts) {
  const join = `usermod -aG docker ${process.env.USER ?? '$USER'}`
  if (attempts.some(({ problem }) => problem === 'EACCES')) {
    return `${asRoot(join, system.root)} && newgrp docker`
  }
  const command = installCommands[system.family]
  if (['macos', 'windows', 'other'].includes(system.family)) return command
  if (findProgram('dockerd') !== undefined) {
    const withSystemd = existsSync('/run/systemd/system')
    const start = withSystemd ? 'systemctl start docker' : 'dockerd >/tmp/dockerd.log 2>&1 &'
    return asRoot(start, system.root)
  }
  if (system.root) return command
  return asRoot(system.family === 'rhel' ? command : `${command} && ${join}`, false)
}
