/** One folder's row in the table of walls: docs/ARCHITECTURE.md shows it, walls.test.ts checks it. */
export interface Wall {
  /** A folder, or with an ending a single file. */
  readonly path: string
  /** What lies there, in one phrase. */
  readonly holds: string
  /** Folders and files that its production code may import, beside its own. */
  readonly mayImport: readonly string[]
  /** Those of which it may import only types. */
  readonly mayImportTypes?: readonly string[]
  /** Its production code reads no file, opens no socket and starts no process. */
  readonly hasNoIo?: true
}

const upToEngine = ['core', 'topology', 'forms', 'pki', 'config', 'engine'].map(inHarness)

/** The folders in the order in which a run passes them. A folder that is not listed is an error. */
export const walls: readonly Wall[] = [
  {
    path: 'harness/core',
    holds:
      'seeded random numbers, clock, deadlines, error classes, schemas, requests over HTTP and gRPC, parsers of etcd metrics and logs',
    mayImport: [],
  },
  {
    path: 'harness/bootstrap',
    holds: 'plain JavaScript that makes a bare machine ready, and the stages of `npm test`',
    mayImport: [],
  },
  {
    path: 'harness/topology',
    holds: 'ClusterSpec as plain data: schema, defaults, presets; what differs by etcd version',
    mayImport: ['harness/core'],
    hasNoIo: true,
  },
  {
    path: 'harness/forms',
    holds:
      'deployment files, one form a file, in folders by what they belong to (etcd itself, machines, containers, Kubernetes, Ansible); `text` has their words and variables, `deployment` makes one cluster of them',
    mayImport: ['harness/core', 'harness/topology'],
    hasNoIo: true,
  },
  {
    path: 'harness/pki',
    holds: 'spec → CA and leaf certificates, CRLs, layouts',
    mayImport: ['harness/core', 'harness/topology'],
    hasNoIo: true,
  },
  {
    path: 'harness/config',
    holds: 'spec and certificates → the options of one member',
    mayImport: ['harness/core', 'harness/topology', 'harness/pki'],
    hasNoIo: true,
  },
  {
    path: 'harness/engine',
    holds: 'the container engine: containers, networks, images, capabilities, cleanup',
    mayImport: ['harness/core', 'harness/bootstrap', 'harness/topology'],
  },
  {
    path: 'harness/cluster',
    holds:
      'Cluster and Member: the life of an etcd, by name and role; in folders one member, the infrastructure around it, configurations, and attaching to a cluster that is kept',
    mayImport: upToEngine,
  },
  {
    path: 'harness/client',
    holds: 'requests to one member, tried once; each outcome is ok, fail or info',
    mayImport: ['harness/core', 'harness/history'],
  },
  {
    path: 'harness/faults',
    holds: 'one fault a file: name, effect, where it is available, inject → undo, proof',
    mayImport: [
      'harness/core',
      'harness/topology',
      'harness/cluster/errors.ts',
      'harness/cluster/etcdctl-membership.ts',
      'harness/cluster/membership.ts',
    ],
    mayImportTypes: ['harness/cluster'],
  },
  {
    path: 'harness/lying-proxy',
    holds: 'a proxy that lies between clients and members: proves that checkers detect it',
    mayImport: ['harness/core', 'harness/pki', 'harness/history', 'harness/client'],
  },
  {
    path: 'harness/workload',
    holds: 'seeded generators of operations, and client programs, as plain data',
    mayImport: ['harness/core', 'harness/history'],
  },
  {
    path: 'harness/history',
    holds: 'the formats of a history and of the logs beside it: recording, reading, joining',
    mayImport: ['harness/core'],
  },
  {
    path: 'harness/write-ahead-log',
    holds: "reads the members' write-ahead logs: bytes → entries, requests, lines of `wal.jsonl`",
    mayImport: ['harness/core', 'harness/history'],
  },
  {
    path: 'harness/checkers',
    holds: 'one guarantee a file: history → verdict; `judge/` runs them all',
    mayImport: ['harness/core', 'harness/history'],
    hasNoIo: true,
  },
  {
    path: 'harness/load',
    holds: 'load generators for throughput, their statistics, the check of their counts',
    mayImport: ['harness/core', 'harness/history', 'harness/client'],
  },
  {
    path: 'harness/verify/checks',
    holds: 'what `gauntlet verify` checks, as pure functions over one look at a cluster',
    mayImport: ['harness/core'],
    hasNoIo: true,
  },
  {
    path: 'harness/verify',
    holds: 'looks at a living cluster, read-only: requests → what they answered → report',
    mayImport: ['harness/core', 'harness/topology', 'harness/client'],
  },
  {
    path: 'harness/scenario',
    holds:
      'the conductor, and in folders its steps: `applicability`, `clusters`, `load` and `observers`, the `drill`, `measures`, `outcome`; `windows` of long runs, `chaos`, and `check`, which judges again',
    mayImport: ['harness/'],
  },
  {
    path: 'harness/bench',
    holds: 'measures how much a cluster serves, ours or the user’s, beside other tools',
    mayImport: [
      'harness/core',
      'harness/topology',
      'harness/history',
      'harness/client',
      'harness/load',
      'harness/run-record',
    ],
    mayImportTypes: ['harness/cluster'],
  },
  {
    path: 'harness/run-record',
    holds:
      'run.json and its neighbours: `schema`, verdict of a run; in folders a scenario’s `evidence`, and merging and comparing runs',
    mayImport: ['harness/core', 'harness/history', 'harness/checkers', 'harness/topology'],
  },
  {
    path: 'harness/cli',
    holds:
      'the `gauntlet` command, thin: one file a command in `commands/`, what `run` and `check` consist of, `input` that the user gave and `format` for what is printed',
    mayImport: ['harness/', 'reports'],
  },
  {
    path: 'harness/index.ts',
    holds: 'what suites and other programs may use of the harness',
    mayImport: ['harness/'],
  },
  {
    path: 'harness/vitest.ts',
    holds: 'the same for vitest files: makes tests of a suite',
    mayImport: ['harness/'],
  },
  {
    path: 'suites/shared',
    holds: 'steps that several suites need',
    mayImport: ['harness/index.ts', 'harness/vitest.ts', 'fixtures'],
  },
  {
    path: 'suites/*',
    holds: 'what is asserted about etcd, one folder a suite; no suite imports another',
    mayImport: ['harness/index.ts', 'harness/vitest.ts', 'fixtures', 'suites/shared'],
  },
  {
    path: 'fixtures',
    holds:
      'inert data: deployments, tables of options, saved histories with their verdict, saved runs',
    mayImport: [],
  },
  {
    path: 'reports',
    holds:
      'a run directory → one HTML file, JUnit XML, Markdown summary: `read` → `model` (what is shown) → `html`; `client` runs in the page',
    mayImport: ['harness/core', 'harness/history', 'harness/run-record'],
    mayImportTypes: ['harness/checkers', 'harness/topology'],
  },
  {
    path: 'docker',
    holds: 'recipes of images, and the one list of versions and where their binaries come from',
    mayImport: [],
  },
  {
    path: 'docs',
    holds: 'pages for people, published schemas, and the script that writes their generated parts',
    mayImport: ['harness/', 'fixtures'],
  },
]

/** Words that only some folders' production code contains, in comments and strings too. */
export const secrets: readonly { readonly word: RegExp; readonly known: readonly string[] }[] = [
  {
    word: /docker|podman|testcontainers/i,
    // The reader of command lines knows them by name, because users' files start containers.
    known: [
      'harness/engine',
      'harness/bootstrap',
      'harness/cli',
      'harness/forms/text/find-etcd.ts',
      'harness/forms/containers/containerfile.ts',
    ],
  },
  { word: /iptables|netem/i, known: ['harness/faults', 'harness/engine', 'harness/bootstrap'] },
]

function inHarness(name: string): string {
  return `harness/${name}`
}
