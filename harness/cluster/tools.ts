import type { ExecOutcome } from '../engine/container/exec.ts'

export type { ReadContent } from '../engine/container/lifecycle.ts'

/** How a program in a container ended, and what it wrote. */
export type ExecResult = ExecOutcome

/** A file copied into, or out of, a container. */
export interface ContainerFile {
  /** Absolute when copied in; relative to the path that was read when copied out. */
  readonly path: string
  readonly content: string | Uint8Array
  readonly mode: number
}

/**
 * Works on a member's data volume before its container starts, such as `etcdutl snapshot restore`.
 * `run` is the cluster's `tool` with that volume mounted; `dataOf` mounts another's at `/from`.
 */
export type PrepareData = (
  run: (argv: readonly string[], options?: ToolOptions) => Promise<ToolResult>,
) => Promise<void>

/** What `Cluster.tool` runs a program in. */
export interface ToolOptions {
  /** Default: the members' image, for etcdctl and etcdutl. */
  readonly image?: string
  /** The toolbox image, which has a shell, cp and rm. */
  readonly toolbox?: boolean
  /** Mounts that member's data volume where the member has it; stop the member first. */
  readonly dataOf?: string
  readonly files?: readonly ContainerFile[]
  readonly environment?: Readonly<Record<string, string>>
  /** Absolute path of the file or directory to copy out once the program has exited. */
  readonly fetch?: string
  /** On the cluster's network; default none at all. */
  readonly onNetwork?: boolean
}

/** The end of the program, and the files that it was to fetch. */
export interface ToolResult extends ExecResult {
  readonly files: readonly ContainerFile[]
}
