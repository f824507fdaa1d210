import { InputError } from '../../core/errors.ts'
import type { Architecture } from '../../topology/spec.ts'
import type { OptionTable, ValuesOf } from './table.ts'
import { anyText, oneOf, wholeNumber } from './value.ts'

export const architectureOption = oneOf('amd64', 'arm64')

/** The options of every command that starts a cluster. */
export const clusterOptions = {
  etcd: {
    flags: '--etcd <version>',
    description: 'etcd version of the catalogue',
    value: anyText,
    conflicts: ['image', 'binaries', 'tarball'],
  },
  image: {
    flags: '--image <reference>',
    description: 'your own etcd image, used unmodified',
    value: anyText,
    conflicts: ['binaries', 'tarball'],
  },
  binaries: {
    flags: '--binaries <directory>',
    description: 'your own build: etcd, etcdctl and, from 3.5 on, etcdutl, linked statically',
    value: anyText,
    conflicts: ['tarball'],
  },
  tarball: {
    flags: '--tarball <file>',
    description: 'a release archive of etcd (.tar.gz): a file, or a URL with --sha256',
    value: anyText,
  },
  sha256: {
    flags: '--sha256 <digest>',
    description: 'the SHA-256 that the archive of --tarball must have',
    value: anyText,
  },
  arch: {
    flags: '--arch <arch>',
    description: 'of the members: amd64 or arm64',
    value: architectureOption,
  },
  members: {
    flags: '--members <count>',
    description: 'how many members: 1, 3, 5 or 7',
    value: wholeNumber,
  },
  allowEven: { flags: '--allow-even', description: 'allow 2, 4 or 6 members' },
  tls: {
    flags: '--tls <mode>',
    description: 'between clients and members: mutual, server or none',
    value: oneOf('mutual', 'server', 'none'),
  },
  pki: {
    flags: '--pki <directory>',
    description:
      'issue certificates like those in this directory: keys, subjects, usages, lifetimes',
    value: anyText,
  },
  auth: {
    flags: '--auth <kind>',
    description: 'turn authentication on; users prove who they are by password or certificate',
    value: oneOf('password', 'certificate'),
  },
  authToken: {
    flags: '--auth-token <kind>',
    description: 'what etcd gives for a password: simple or jwt; default simple',
    value: oneOf('simple', 'jwt'),
  },
  door: {
    flags: '--door <kind>',
    description:
      'what clients pass through on their way to the members: direct (nothing), gateway or grpc-proxy',
    value: oneOf('direct', 'gateway', 'grpc-proxy'),
  },
  from: {
    flags: '--from <file>',
    description: 'your own deployment: one file for all members, or one a member; may be repeated',
    values: anyText,
  },
  form: {
    flags: '--form <name>',
    description: 'read the files of --from in this form, whatever their content shows',
    value: anyText,
  },
  flag: {
    flags: '--flag <name=value>',
    description: 'an etcd flag for every member; may be repeated',
    values: anyText,
  },
} as const satisfies OptionTable

export type ClusterOptions = ValuesOf<typeof clusterOptions>

/** Throws an InputError on a machine that is neither amd64 nor arm64. */
export function nativeArchitecture(): Architecture {
  if (process.arch === 'x64') return 'amd64'
  if (process.arch === 'arm64') return 'arm64'
  throw new InputError(
    `Expected the machine to be amd64 or arm64, got ${process.arch}: choose \`--arch\``,
  )
}
