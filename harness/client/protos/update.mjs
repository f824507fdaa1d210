import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/*
 * Takes the protocol definitions of this folder from Debian packages again, whole and unmodified,
 * and writes SHA256SUMS. Run it with `node harness/client/protos/update.mjs` where apt knows the
 * pinned versions. It changes nothing unless every package has the pinned checksum.
 */

const sources = 'usr/share/gocode/src'

/** What is taken: package, pinned version and SHA-256, and path here → path in the package. */
const packages = [
  {
    name: 'golang-etcd-server-dev',
    version: '3.4.23-4',
    sha256: 'd296370c539f7e6df608cca64cfbae1c330f03944af49e3b33af5d565cee9d49',
    root: `${sources}/go.etcd.io`,
    files: [
      'etcd/auth/authpb/auth.proto',
      'etcd/etcdserver/api/v3election/v3electionpb/v3election.proto',
      'etcd/etcdserver/api/v3lock/v3lockpb/v3lock.proto',
      'etcd/etcdserver/etcdserverpb/rpc.proto',
      'etcd/mvcc/mvccpb/kv.proto',
    ],
  },
  {
    name: 'golang-github-gogo-protobuf-dev',
    version: '1.3.2-3',
    sha256: '8a4647e0b1d90ec2a2e537ee1921df033a837971b51318bab15a896d6fc5a803',
    root: `${sources}/github.com/gogo/protobuf`,
    files: ['gogoproto/gogo.proto'],
  },
  {
    name: 'golang-github-grpc-ecosystem-grpc-gateway-dev',
    version: '1.6.4-2',
    sha256: '1bf8fae2fd4df6e172894f784f62110d42e27b79f761d7902ce2719c11bc5cab',
    root: `${sources}/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis`,
    files: ['google/api/annotations.proto', 'google/api/http.proto'],
  },
]

const folder = mkdtempSync(join(tmpdir(), 'gauntlet-protos-'))
try {
  const unpacked = packages.map(unpack)
  const sums = unpacked.flat().map(copyHere)
  writeFileSync(join(import.meta.dirname, 'SHA256SUMS'), `${sums.join('\n')}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * Downloads one package, compares its checksum with the pinned one, and unpacks it.
 * @param {typeof packages[number]} pinned
 */
function unpack({ name, version, sha256, root, files }) {
  execFileSync('apt-get', ['download', `${name}=${version}`], { cwd: folder })
  const archive = `${name}_${version}_all.deb`
  const found = sha256Of(join(folder, archive))
  if (found !== sha256) {
    throw new Error(`Expected ${archive} to have the SHA-256 ${sha256}, got ${found}`)
  }
  execFileSync('dpkg-deb', ['--extract', archive, name], { cwd: folder })
  return files.map((file) => ({ file, from: join(folder, name, root, file) }))
}

/** @param {{ file: string, from: string }} source */
function copyHere({ file, from }) {
  const to = join(import.meta.dirname, file)
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
  return `${sha256Of(to)}  ${file}`
}

/** @param {string} file */
function sha256Of(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
