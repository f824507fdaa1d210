export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A file put into, or brought out of, a container. */
export interface ContainerFile {
  /** Absolute when put in; relative to what was asked for when brought out. */
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

export interface ToolOptions {
  /** Default: the members' image, for etcdctl and etcdutl. */
  readonly image?: string
  /** The toolbox image, which has a shell, cp and rm. */
  readonly toolbox?: boolean
  /** Mounts that member's data volume where the member has it; stop the member first. */
  readonly dataOf?: string
  readonly files?: readonly ContainerFile[]
  /** Absolute path of what to bring out at the end: a file or a directory. */
  readonly fetch?: string
  /** On the cluster's network; default none at all. */
  readonly onNetwork?: boolean
}

export interface ToolResult extends ExecResult {
  readonly files: readonly ContainerFile[]
}
