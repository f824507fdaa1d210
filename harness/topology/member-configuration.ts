/** One option of etcd by its flag's name without dashes. */
export interface ConfigurationOption {
  readonly name: string
  readonly value: string
}

/**
 * How one member is configured, in the order a person would write it; no name twice. `harness/config`
 * makes it from the spec, and each deployment form writes it as its own text.
 */
export type MemberConfiguration = readonly ConfigurationOption[]
